import type { Plan } from "@/api/types";
import { Download } from "@/ui/Download";
import { figure } from "@/ui/format";
import { Badge } from "@/ui/parts";
import { s } from "@/ui/strings";
import { answersText, keyOf, nameOf, savingText, tableOf } from "./model";
import css from "./planning.module.css";

const texts = s.planning;

/** All set-ups under one error of the annotators, fewest answers first. */
export function PlanTable({ plan, error }: { plan: Plan; error: number }) {
  const rows = plan.rows.filter((row) => row.error === error);
  const all = plan.rows.map((row) => row.setup);
  const best = plan.proposals.find((one) => one.error === error);
  const timed = rows.some((row) => row.hours !== null), priced = rows.some((row) => row.cost !== null);
  return (
    <section className="lw-panel">
      <div className={css.head}>
        <h2>{texts.table}</h2>
        <Download name={`${plan.line.name} plan`} {...tableOf(plan)} />
      </div>
      <div className={css.scroll} role="region" aria-label={texts.table} tabIndex={0}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{texts.columns.setup}</th>
              <th scope="col" data-number>{texts.columns.answers}</th>
              <th scope="col" data-number>{texts.columns.saving}</th>
              <th scope="col" data-number>{texts.columns.reached}</th>
              {timed && <th scope="col" data-number>{texts.columns.hours}</th>}
              {priced && <th scope="col" data-number>{texts.columns.cost}</th>}
              <th scope="col" data-number>{texts.columns.value}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={keyOf(row.setup)}>
                <th scope="row">
                  {nameOf(row.setup, all)} {keyOf(row.setup) === keyOf(plan.baseline) && <Badge>{texts.baseline}</Badge>}
                  {best && keyOf(row.setup) === keyOf(best.setup) && <Badge tone="accent">{texts.proposed}</Badge>}
                </th>
                <td data-number>{answersText(row.answers, row.n_reached === row.n_seeds)}</td>
                <td data-number>{savingText(row.saving) ?? <span className="lw-quiet">–</span>}</td>
                <td data-number>{texts.reached(row.n_reached, row.n_seeds)}</td>
                {timed && <td data-number>{row.hours?.toFixed(1)}</td>}
                {priced && <td data-number>{row.cost?.toFixed(0)}</td>}
                <td data-number>{figure(row.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="lw-quiet lw-small">{texts.tableNote}</p>
    </section>
  );
}
