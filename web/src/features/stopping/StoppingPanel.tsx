import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { Badge, ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { CertificateBlock } from "./CertificateBlock";
import { adviceQuery, type Advice } from "./requests";
import css from "./stopping.module.css";

const texts = s.stopping;

/** Whether to stop: the advice, the rules behind it, what certifies the goal, and what may be wrong. */
export function StoppingPanel({ slug }: { slug: string }) {
  const { data: found, error } = useQuery(adviceQuery(slug));
  return (
    <div className={css.panel} data-testid="stopping">
      {error && !found && <ErrorNotice error={asApiError(error)} />}
      {found && <Said found={found} />}
      <section className={css.part}>
        <h3>{texts.certificate.title}</h3>
        <CertificateBlock slug={slug} />
      </section>
    </div>
  );
}

function Said({ found }: { found: Advice }) {
  return (
    <>
      <div className={css.advice}>
        <Badge tone={found.decision === "stop" ? "warn" : "accent"}>{texts.decisions[found.decision]}</Badge>
        <p data-testid="advice">{found.text}</p>
        {found.forecast && <p>{found.forecast.text}{found.forecast.cost ? ` ${texts.cost(found.forecast.cost)}` : ""}</p>}
        <p className="lw-quiet lw-small">{texts.never}</p>
      </div>
      <div className={css.column}>
      <section className={css.part}>
        <h3>{texts.changes}</h3>
        <ul className={css.list}>
          {found.changes.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </section>
      <details className={css.part}>
        <summary>{texts.rules(found.rules.length)}</summary>
        <dl className={css.rules}>
          {found.rules.map((rule) => (
            <div key={rule.rule}>
              <dt>
                {texts.ruleNames[rule.rule] ?? rule.rule} {rule.heuristic && <span className="lw-quiet lw-small">{texts.heuristic}</span>}
              </dt>
              <dd>
                {rule.stop && <Badge tone="warn">{texts.stops}</Badge>} {rule.text}
              </dd>
            </div>
          ))}
        </dl>
      </details>
      <details className={css.part}>
        <summary>{texts.ledger}</summary>
        <div className={css.scroll} tabIndex={0} role="region" aria-label={texts.ledger}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{texts.statement}</th>
                <th scope="col" data-number>{texts.error}</th>
                <th scope="col" data-number>{texts.looks}</th>
              </tr>
            </thead>
            <tbody>
              {found.ledger.map((entry) => (
                <tr key={entry.name}>
                  <td>{entry.text}</td>
                  <td data-number>{texts.percent(entry.alpha)}</td>
                  <td data-number>{entry.looks === null ? texts.ever : texts.used(entry.used ?? 0, entry.looks)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
      </div>
    </>
  );
}
