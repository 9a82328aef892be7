import { Download } from "@/ui/Download";
import { count, figure } from "@/ui/format";
import { Badge } from "@/ui/parts";
import { svgOf } from "@/ui/plot";
import { s } from "@/ui/strings";
import css from "./plan.module.css";
import type { LabelingPlan } from "./requests";

const texts = s.plan;
const COLUMNS = ["at", "n_labels", "labels", "labels_low", "labels_high", "next_labels", "value", "low", "high", "measured", "held"] as const;
const SHOWN = 8;

/** What was expected of each round, and what came. */
export function KeptForecasts({ slug, kept }: { slug: string; kept: LabelingPlan["kept"] }) {
  const { forecasts } = kept;
  const picture = () => {
    const expected = forecasts.map((one) => ({ x: one.next_labels, y: one.value, low: one.low, high: one.high }));
    const measured = forecasts.flatMap((one) => (one.measured === null ? [] : [{ x: one.next_labels, y: one.measured }]));
    return svgOf({
      x: "labels for training",
      y: "metric",
      series: [
        { name: "expected, with 80 % interval", color: "#3652bb", points: expected, interval: "bars" },
        { name: "measured", color: "#b3261e", points: measured, interval: "bars", dashed: true },
      ],
    });
  };
  return (
    <>
      <div className={css.head}>
        <h2>{texts.kept}</h2>
        {forecasts.length > 0 && <Download name={texts.file(slug)} columns={COLUMNS} rows={forecasts.map((one) => ({ ...one, held: one.held === null ? null : one.held ? texts.held : texts.missed }))} picture={picture} />}
      </div>
      {kept.n > 0 && kept.low !== null && kept.high !== null ? <p data-testid="kept">{texts.keptText(kept.n, kept.n_held, kept.low, kept.high)}</p> : <p className="lw-quiet">{texts.keptNone}</p>}
      {forecasts.length > 0 && (
        <div className={css.scroll} tabIndex={0} role="region" aria-label={texts.kept}>
          <table className={css.table}>
            <thead>
              <tr>
                <th>{texts.made}</th>
                <th>{texts.expected}</th>
                <th>{texts.measured}</th>
                <th>{texts.toGoal}</th>
              </tr>
            </thead>
            <tbody>
              {forecasts.slice(-SHOWN).reverse().map((one) => (
                <tr key={`${one.at} ${one.n_labels}`}>
                  <td className="lw-num">{texts.labels(one.n_labels)}</td>
                  <td className="lw-num">{texts.interval(figure(one.value), figure(one.low), figure(one.high))}</td>
                  <td className="lw-num">
                    {one.measured === null ? texts.open : figure(one.measured)} {one.held !== null && <Badge tone={one.held ? "good" : "warn"}>{one.held ? texts.held : texts.missed}</Badge>}
                  </td>
                  <td className="lw-num">{one.labels === null ? "–" : count(Math.round(one.labels))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
