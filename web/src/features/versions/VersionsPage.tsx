import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { projectQuery } from "@/api/projects";
import { Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Difference } from "./Difference";
import { LabelVersions } from "./LabelVersions";
import { Models } from "./Models";
import type { Moments } from "./requests";
import css from "./versions.module.css";

/** Versions of the labels, what changed between two of them, and the models that were trained on them. */
export function VersionsPage({ slug }: { slug: string }) {
  const project = useQuery(projectQuery(slug)).data;
  const [moments, setMoments] = useState<Moments | null>(null);
  const mayChange = project?.permissions.includes("project.manage") === true && project.state !== "archived";
  return (
    <Page title={s.versions.title}>
      <div className={css.stack}>
        <LabelVersions slug={slug} mayName={mayChange} onCompare={(first) => setMoments({ first, second: null })} />
        <Difference slug={slug} moments={moments} onMoments={setMoments} />
        <Models slug={slug} mayChoose={mayChange} questions={project?.questions ?? []} />
      </div>
    </Page>
  );
}
