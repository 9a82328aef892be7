import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import type { Columns, Preview, SetUp, SimilarProject } from "@/api/types";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { nameOf, savingText } from "./model";
import css from "./planning.module.css";
import { similarQuery } from "./requests";

const texts = s.planning;

interface Props {
  upload: string;
  columns: Columns;
  task: Preview["task"];
  labels: string[];
  onUse: (setup: SetUp) => void;
}

/** Projects on data like an upload: what won, what an answer took, what was spent past the goal. */
export function Similar({ upload, columns, task, labels, onUse }: Props) {
  const { data: found, error } = useQuery(similarQuery(upload, columns, task, labels));
  if (error) return <ErrorNotice error={asApiError(error)} />;
  if (!found || found.items.length === 0) return null;
  return (
    <section className="lw-panel" data-testid="similar">
      <h2>{texts.similar}</h2>
      <p className="lw-quiet lw-small">{texts.similarText}</p>
      <ul className={css.similar}>
        {found.items.map((one) => (
          <Project key={one.slug} project={one} onUse={onUse} />
        ))}
      </ul>
    </section>
  );
}

function Project({ project, onUse }: { project: SimilarProject; onUse: (setup: SetUp) => void }) {
  const { strategy, model, batch_size, overlap, saving, seconds } = project;
  const setup = project.planned ?? { strategy, model, batch_size, overlap };
  const saved = savingText(saving);
  return (
    <li>
      <b>{project.title}</b>
      <span className="lw-quiet lw-small">
        {texts.alike(project.similarity)} · {texts.won(strategy, model)}
      </span>
      {saved !== null && <span className="lw-small">{texts.saved(saved)}</span>}
      {project.planned && <span className="lw-small">{texts.planned(nameOf(project.planned, [project.planned]))}</span>}
      {seconds.value !== null && <span className="lw-small">{texts.took(seconds.value.toFixed(1))}</span>}
      {project.regret !== null && <span className="lw-small">{texts.regret(project.regret)}</span>}
      <Button size="compact-sm" variant="default" onClick={() => onUse(setup)}>
        {texts.useIt}
      </Button>
    </li>
  );
}
