import { Loader, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { projectQuery, projectsQuery } from "@/api/projects";
import type { ProjectDetail, Progress } from "@/api/types";
import { count, figure, words } from "@/ui/format";
import { ErrorNotice, Figure, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { axes, plotOf, type Axis } from "./curves";
import { Beside } from "./Pick";
import { progressQuery } from "./requests";
import css from "./rounds.module.css";
import { TwoCurves } from "./TwoCurves";

const texts = s.rounds.compare;

/** This project beside another that the person may see: curves over labels, hours or cost, and what was spent. */
export function CompareProjects({ slug }: { slug: string }) {
  const projects = useQuery(projectsQuery).data?.items ?? [];
  const others = projects.filter((one) => one.slug !== slug && one.permissions.includes("progress.read") && ["ready", "paused", "archived"].includes(one.state));
  const [picked, setPicked] = useState<string | null>(null);
  const other = picked ?? others[0]?.slug ?? null;
  if (other === null) return <p className="lw-quiet">{texts.otherNone}</p>;
  return (
    <>
      <div className={css.fields}>
        <Select label={texts.other} allowDeselect={false} searchable value={other} onChange={setPicked} data={others.map((one) => ({ value: one.slug, label: one.title || one.slug }))} />
      </div>
      <Both key={other} slug={slug} other={other} />
    </>
  );
}

function Both({ slug, other }: { slug: string; other: string }) {
  const progress = [useQuery(progressQuery(slug)), useQuery(progressQuery(other))] as const;
  const details = [useQuery(projectQuery(slug)).data, useQuery(projectQuery(other)).data] as const;
  const error = progress[0].error ?? progress[1].error;
  if (error) return <ErrorNotice error={asApiError(error)} />;
  const [one, two, first, second] = [progress[0].data, progress[1].data, details[0], details[1]];
  if (!one || !two || !first || !second) return <Loader size="sm" aria-label={s.common.loading} />;
  const names = [first.title || slug, second.title || other] as const;
  const line = (what: string, of: (progress: Progress, project: ProjectDetail) => Parameters<typeof Beside>[0]["rows"][number]["first"]) => ({ what, first: of(one, first), second: of(two, second) });
  const last = (progress: Progress) => progress.curve[progress.curve.length - 1];
  const rows = [
    line(texts.measuredAs, (progress) => words(progress.metric)),
    line(texts.latest, (progress) => (progress.latest ? <Figure estimate={progress.latest} /> : texts.none)),
    line(texts.goal, (progress) => (typeof progress.target === "number" ? figure(progress.target) : texts.none)),
    line(texts.answers, (progress) => count(progress.counts.answers)),
    line(texts.hours, (progress) => last(progress)?.hours?.toFixed(2) ?? texts.none),
    line(texts.cost, (progress) => last(progress)?.cost?.toFixed(2) ?? texts.none),
    line(s.rounds.strategy, (_, project) => String(project.policy.strategy)),
  ];
  return (
    <>
      <Beside label={texts.kinds.projects} first={names[0]} second={names[1]} rows={rows} />
      <Curves one={one} two={two} names={names} />
    </>
  );
}

function Curves({ one, two, names }: { one: Progress; two: Progress; names: readonly [string, string] }) {
  const [axis, setAxis] = useState<Axis>("labels");
  if (one.metric !== two.metric) return <Notice tone="warn">{texts.unlike(words(one.metric), words(two.metric))}</Notice>;
  if (one.curve.length === 0 || two.curve.length === 0) return <p className="lw-quiet">{texts.noCurve}</p>;
  const shared = axes(one.curve, two.curve);
  const at = shared.includes(axis) ? axis : "labels";
  return (
    <>
      {shared.length > 1 && <SegmentedControl size="xs" aria-label={texts.axis} value={at} onChange={(value) => setAxis(value as Axis)} data={shared.map((value) => ({ value, label: texts.axes[value] }))} />}
      <TwoCurves plot={plotOf([one, two], names, at)} label={texts.chart(words(one.metric))} />
      <p className="lw-quiet lw-small">{texts.reserves}</p>
    </>
  );
}
