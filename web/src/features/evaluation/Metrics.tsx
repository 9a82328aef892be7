import { useState } from "react";
import { Download } from "@/ui/Download";
import { s } from "@/ui/strings";
import { AskMetric } from "./AskMetric";
import { Block, Scroll } from "./Block";
import { CELLS, cells, Interval } from "./Interval";
import { metricName } from "./names";
import type { Evaluation, MetricLine } from "./requests";
import css from "./evaluation.module.css";

const texts = s.evaluation.metrics;

/** The metrics of the task, and those that somebody asked for. */
export function Metrics({ slug, found }: { slug: string; found: Evaluation }) {
  const [added, setAdded] = useState<{ text: string; line: MetricLine }[]>([]);
  const lines = [...found.metrics.map((line) => ({ text: metricName(line.name), line })), ...added];
  const rows = lines.map(({ text, line }) => ({ metric: text, ...cells(line.figure), at: found.at }));
  return (
    <Block title={texts.title} testId="evaluation-metrics" action={<Download name={`${slug} metrics`} columns={["metric", ...CELLS, "at"]} rows={rows} />}>
      <Scroll label={texts.title}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{texts.metric}</th>
              <th scope="col">{s.evaluation.value}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ text, line }) => (
              <tr key={text}>
                <th scope="row">
                  {text}
                  {!line.higher_is_better && <span className="lw-quiet lw-small"> ({texts.lower})</span>}
                </th>
                <td>
                  <Interval of={line.figure} spoken />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {found.choices.length > 0 && <AskMetric slug={slug} found={found} onMeasured={(text, line) => setAdded((before) => [...before.filter((one) => one.text !== text), { text, line }])} />}
    </Block>
  );
}
