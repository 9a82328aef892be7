import { Badge } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./calibration.module.css";
import { Interval } from "./Interval";
import type { Agreement, Comparison, Figure } from "./requests";
import { Link } from "@tanstack/react-router";

const ORDER = ["raw", "krippendorff", "ac1"];

/** How far people agree in a session, and between which answers they split. */
export function Measures({ agreement }: { agreement: Agreement }) {
  const names = ORDER.filter((name) => agreement.measures[name]);
  const n = agreement.measures.raw?.n ?? 0;
  return (
    <section className="lw-panel" aria-label={s.calibration.agreement} data-testid="agreement">
      <h2>{s.calibration.agreement}</h2>
      <p className="lw-quiet lw-small">{s.calibration.ofItems(n)}</p>
      <dl className={css.measures}>
        {names.map((name) => (
          <div key={name}>
            <dt>{s.calibration.measures[name]}</dt>
            <dd>
              <Interval figure={agreement.measures[name] as Figure} />
              <span className="lw-quiet lw-small">{s.calibration.measureTexts[name]}</span>
            </dd>
          </div>
        ))}
      </dl>
      {agreement.pairs.length > 0 && (
        <>
          <h3>{s.calibration.pairs}</h3>
          <ul className={css.pairs}>
            {agreement.pairs.map((pair) => (
              <li key={`${pair.first} ${pair.second}`}>
                <span dir="auto">{s.calibration.pair(pair.first, pair.second)}</span>
                <span className="lw-quiet">{s.calibration.times(pair.n_confused)}</span>
                <Interval figure={pair.share} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** The earlier session and this one side by side, with the difference. */
export function BeforeAfter({ slug, comparison }: { slug: string; comparison: Comparison }) {
  return (
    <section className="lw-panel" aria-label={s.calibration.difference} data-testid="comparison">
      <h2 dir="auto">
        <Link to="/p/$slug/calibrate/$id" params={{ slug, id: comparison.session }}>{s.calibration.comparison(comparison.number, comparison.title)}</Link>
      </h2>
      <div className={css.scroll} role="region" aria-label={s.calibration.difference} tabIndex={0}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{s.calibration.measure}</th>
              <th scope="col">{s.calibration.before}</th>
              <th scope="col">{s.calibration.after}</th>
              <th scope="col">{s.calibration.difference}</th>
            </tr>
          </thead>
          <tbody>
            {comparison.changes.map((change) => (
              <tr key={change.measure}>
                <th scope="row">{s.calibration.measures[change.measure] ?? change.measure}</th>
                <td><Interval figure={change.before} /></td>
                <td><Interval figure={change.after} /></td>
                <td><Interval figure={change.difference} signed /> <Reading difference={change.difference} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="lw-quiet lw-small">{s.calibration.comparisonText}</p>
    </section>
  );
}

/** What the interval of a difference allows to say. */
function Reading({ difference: { low, high } }: { difference: Figure }) {
  if (low !== null && low > 0) return <Badge tone="good">{s.calibration.clearlyBetter}</Badge>;
  if (high !== null && high < 0) return <Badge tone="bad">{s.calibration.clearlyWorse}</Badge>;
  return <Badge>{s.calibration.cannotTell}</Badge>;
}
