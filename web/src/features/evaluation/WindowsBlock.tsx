import { useRef } from "react";
import { Download } from "@/ui/Download";
import { toSvg } from "@/ui/download";
import { figure } from "@/ui/format";
import { s } from "@/ui/strings";
import { Block, Scroll } from "./Block";
import { CELLS, cells, Interval } from "./Interval";
import { metricName } from "./names";
import { Points } from "./Points";
import type { Figure, Windows } from "./requests";
import css from "./evaluation.module.css";

const texts = s.evaluation.windows;

/** The project's metric in rolling windows by item time, beside the whole reserve. */
export function WindowsBlock({ slug, of, overall }: { slug: string; of: Windows; overall: Figure | null }) {
  const svg = useRef<SVGSVGElement>(null);
  const metric = metricName(of.metric);
  if (of.windows.length === 0) {
    return (
      <Block title={texts.title} testId="evaluation-windows">
        <p className="lw-quiet">{texts.none}</p>
      </Block>
    );
  }
  const rows = of.windows.map((one) => ({ first: one.first, last: one.last, ...cells(one.figure), items: one.n_items, reserve: one.n_reserve }));
  const points = of.windows.flatMap((one, x) => {
    const { value, low, high, n } = one.figure;
    if (value === null) return [];
    return [{ x, value, low: low ?? value, high: high ?? value, text: `${texts.to(one.first, one.last)}: ${figure(value)} [${figure(low ?? value)}, ${figure(high ?? value)}] n=${n}` }];
  });
  return (
    <Block
      title={texts.title}
      text={texts.text}
      testId="evaluation-windows"
      action={<Download name={`${slug} over time`} columns={["first", "last", ...CELLS, "items", "reserve"]} rows={rows} picture={() => svg.current && toSvg(svg.current)} />}
    >
      <Points points={points} label={texts.chart(metric, points.length)} xName={texts.window} yName={metric} against={overall?.value ?? null} names={of.windows.map((one) => one.last)} svg={svg} />
      <Scroll label={texts.title}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{texts.window}</th>
              <th scope="col">{metric}</th>
              <th scope="col" data-number>{texts.refreshed}</th>
            </tr>
          </thead>
          <tbody>
            {of.windows.map((one) => (
              <tr key={one.last}>
                <th scope="row" className="lw-num">{texts.to(one.first, one.last)}</th>
                <td><Interval of={one.figure} /></td>
                <td data-number>{texts.refreshedOf(one.n_reserve, one.n_items)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {of.n_without_time > 0 && <p className="lw-quiet lw-small">{texts.without(of.n_without_time)}</p>}
    </Block>
  );
}
