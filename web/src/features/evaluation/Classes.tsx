import { Download } from "@/ui/Download";
import { s } from "@/ui/strings";
import { Block, Scroll } from "./Block";
import { cells, Interval } from "./Interval";
import type { Evaluation } from "./requests";
import css from "./evaluation.module.css";

const texts = s.evaluation.classes;
const MEASURES = ["precision", "recall", "f1"] as const;

/** Precision, recall and F1 of each class, the worst first. */
export function Classes({ slug, found }: { slug: string; found: Evaluation }) {
  const columns = ["class", "labels", ...MEASURES.flatMap((name) => Object.keys(cells({ value: 0, low: 0, high: 0, n: 0, enough: true, why: null }, `${name}_`)))];
  const rows = found.classes.map((one) => ({ class: one.name, labels: one.n, ...cells(one.precision, "precision_"), ...cells(one.recall, "recall_"), ...cells(one.f1, "f1_") }));
  return (
    <Block title={texts.title} testId="evaluation-classes" action={<Download name={`${slug} classes`} columns={columns} rows={rows} />}>
      <Scroll label={texts.title}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{texts.class}</th>
              <th scope="col" data-number>{texts.labels}</th>
              {MEASURES.map((name) => (
                <th key={name} scope="col">{texts[name]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.classes.map((one) => (
              <tr key={one.label}>
                <th scope="row" dir="auto">{one.name}</th>
                <td data-number>{one.n}</td>
                {MEASURES.map((name) => (
                  <td key={name}>
                    <Interval of={one[name]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Block>
  );
}
