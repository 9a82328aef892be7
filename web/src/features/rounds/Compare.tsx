import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { s } from "@/ui/strings";
import { CompareModels } from "./CompareModels";
import { CompareProjects } from "./CompareProjects";
import { CompareRounds } from "./CompareRounds";
import type { Round } from "./requests";
import css from "./rounds.module.css";

const texts = s.rounds.compare;
type Kind = keyof typeof texts.kinds;

/** Two rounds, two models or two projects beside each other. */
export function Compare({ slug, rounds }: { slug: string; rounds: Round[] }) {
  const [kind, setKind] = useState<Kind>("rounds");
  return (
    <section className={`lw-panel ${css.compare}`} data-testid="compare">
      <div className={css.head}>
        <h2>{texts.title}</h2>
        <SegmentedControl size="xs" aria-label={texts.pick} value={kind} onChange={(value) => setKind(value as Kind)} data={Object.entries(texts.kinds).map(([value, label]) => ({ value, label }))} />
      </div>
      {kind === "rounds" && <CompareRounds slug={slug} rounds={rounds} />}
      {kind === "models" && <CompareModels slug={slug} />}
      {kind === "projects" && <CompareProjects slug={slug} />}
    </section>
  );
}
