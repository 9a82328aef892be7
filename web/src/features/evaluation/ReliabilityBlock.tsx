import { useRef } from "react";
import { Download } from "@/ui/Download";
import { toSvg } from "@/ui/download";
import { figure } from "@/ui/format";
import { s } from "@/ui/strings";
import { Block, Scroll } from "./Block";
import { CELLS, cells, Interval } from "./Interval";
import { Points } from "./Points";
import type { Reliability } from "./requests";
import css from "./evaluation.module.css";

const texts = s.evaluation.reliability;

/** Whether probabilities mean what they say; for numbers, errors by prediction and how often intervals hold. */
export function ReliabilityBlock({ slug, of }: { slug: string; of: Reliability }) {
  const svg = useRef<SVGSVGElement>(null);
  const [said, seen] = [texts.said[of.kind], texts.seen[of.kind]];
  const rows = of.bins.map((one) => ({ from: one.low, to: one.high, predicted: one.predicted, ...cells(one.figure) }));
  const points = of.bins.flatMap((one) => {
    const { value, low, high, n } = one.figure;
    if (value === null) return [];
    const text = `${said} ${figure(one.predicted)}: ${seen} ${figure(value)} [${figure(low ?? value)}, ${figure(high ?? value)}] n=${n}`;
    return [{ x: one.predicted, value, low: low ?? value, high: high ?? value, text }];
  });
  return (
    <Block
      title={texts.titles[of.kind]}
      text={texts.texts[of.kind]}
      testId="evaluation-reliability"
      action={<Download name={`${slug} ${texts.titles[of.kind]}`} columns={["from", "to", "predicted", ...CELLS]} rows={rows} picture={() => svg.current && toSvg(svg.current)} />}
    >
      <Points points={points} label={texts.chart(points.length)} xName={said} yName={seen} against={of.kind === "residuals" ? 0 : "diagonal"} svg={svg} />
      <Scroll label={texts.titles[of.kind]}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{said}</th>
              <th scope="col" data-number>{texts.mean}</th>
              <th scope="col">{seen}</th>
            </tr>
          </thead>
          <tbody>
            {of.bins.map((one) => (
              <tr key={one.low}>
                <th scope="row" className="lw-num">
                  {figure(one.low)} – {figure(one.high)}
                </th>
                <td data-number>{figure(one.predicted)}</td>
                <td><Interval of={one.figure} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {of.coverage.length > 0 && (
        <>
          <h3>{texts.coverage}</h3>
          <dl className={css.numbers}>
            {of.coverage.map((one) => (
              <div key={one.level}>
                <dt>{`${texts.level} ${one.level}`}</dt>
                <dd><Interval of={one.figure} spoken /></dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Block>
  );
}
