import type { Preview } from "@/api/types";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./create.module.css";

const SHOWN = 6;

/** What must be solved, and apart from it what is good to know. */
export function Problems({ problems }: { problems: Preview["problems"] }) {
  const severe = problems.filter((one) => one.severe);
  const warnings = problems.filter((one) => !one.severe);
  return (
    <>
      {severe.length > 0 && <List tone="bad" title={s.create.problems(severe.length)} problems={severe} />}
      {warnings.length > 0 && <List tone="warn" title={s.create.warnings(warnings.length)} problems={warnings} />}
    </>
  );
}

function List({ tone, title, problems }: { tone: "bad" | "warn"; title: string; problems: Preview["problems"] }) {
  return (
    <Notice tone={tone}>
      <b>{title}</b>
      <ul className={css.problems}>
        {problems.slice(0, SHOWN).map((one, i) => {
          const where = s.create.at(one.row ?? null, one.column ?? null);
          return (
            <li key={i}>
              {where && <b>{where}: </b>}
              {one.message} {one.hint && <span className="lw-quiet">{one.hint}</span>}
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}
