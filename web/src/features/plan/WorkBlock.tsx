import { count, duration, plural } from "@/ui/format";
import { s } from "@/ui/strings";
import css from "./plan.module.css";
import type { LabelingPlan } from "./requests";

const texts = s.plan.byWork;
const HOUR = 3600;

/** What is missing by kinds of item, the first to ask about on top, and by roles. */
export function WorkBlock({ work }: { work: LabelingPlan["work"] }) {
  return (
    <section className={`lw-panel ${css.work}`} data-testid="work">
      <h2>{texts.title}</h2>
      <p className="lw-quiet lw-small">{work.missing === null ? texts.unknown : texts.missing(work.missing)}</p>
      {work.kinds.length > 0 && (
        <>
          <div className={css.scroll} role="region" aria-label={texts.kinds} tabIndex={0}>
            <table className={css.table}>
              <thead>
                <tr>
                  {[texts.kind, texts.left, texts.labels, texts.hours, texts.cost, texts.seconds, texts.doubt].map((name) => (
                    <th key={name}>{name}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {work.kinds.map((one) => (
                  <tr key={one.name} data-testid="kind">
                    <th scope="row" dir="auto">{one.name}</th>
                    <td className="lw-num">{count(one.n_left)}</td>
                    {one.seconds === null ? (
                      <td colSpan={4} className="lw-quiet">{texts.few(one.n_measured, work.least)}</td>
                    ) : (
                      <Amounts labels={one.labels} hours={one.hours} cost={one.cost} seconds={one.seconds} />
                    )}
                    <td className="lw-num">{one.doubt === null ? "–" : one.doubt.toFixed(2)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p className="lw-quiet lw-small">{texts.kindsText}</p>
        </>
      )}
      <div className={css.scroll} role="region" aria-label={texts.roles} tabIndex={0}>
        <table className={css.table}>
          <thead>
            <tr>
              {[texts.role, texts.people, texts.labels, texts.hours, texts.cost, texts.seconds, texts.by, texts.week].map((name) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {work.roles.map((one) => (
              <tr key={one.role} data-testid="role">
                <th scope="row">{texts.roleNames[one.role] ?? one.role}</th>
                <td className="lw-num">{count(one.n_people)}</td>
                {one.seconds === null ? (
                  <td colSpan={6} className="lw-quiet">{texts.few(one.n_measured, work.least)}</td>
                ) : (
                  <>
                    <Amounts labels={one.labels} hours={one.hours} cost={one.cost} seconds={one.seconds} what={one.role === "reviewers" ? "review" : undefined} />
                    <td>{one.by ?? "–"}</td>
                    <td className="lw-num">{one.week_hours === null ? "–" : duration(HOUR * one.week_hours)}</td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="lw-quiet lw-small">{texts.rolesText}</p>
    </section>
  );
}

interface Props {
  labels: number | null;
  hours: number | null;
  cost: number | null;
  seconds: number;
  /** What is counted, where it is no label. */
  what?: string;
}

function Amounts({ labels, hours, cost, seconds, what }: Props) {
  return (
    <>
      <td className="lw-num">{labels === null ? "–" : what === undefined ? count(labels) : plural(labels, what)}</td>
      <td className="lw-num">{hours === null ? "–" : duration(HOUR * hours)}</td>
      <td className="lw-num">{cost === null ? "–" : count(Math.round(cost))}</td>
      <td className="lw-num">{texts.median(seconds)}</td>
    </>
  );
}
