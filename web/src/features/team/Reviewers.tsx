import { count } from "@/ui/format";
import { s } from "@/ui/strings";
import { Interval } from "./Interval";
import type { Team } from "./requests";
import css from "./team.module.css";

/** How reviewers fare. */
export function Reviewers({ reviewers }: { reviewers: Team["reviewers"] }) {
  const texts = s.team.reviewers;
  return (
    <section className="lw-panel">
      <h2>{texts.title}</h2>
      <p className="lw-quiet lw-small">{texts.text}</p>
      <div className={css.scroll} tabIndex={0} role="region" aria-label={texts.title}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{s.team.table.person}</th>
              <th scope="col" data-number>{texts.decided}</th>
              <th scope="col" data-number>{texts.appealed}</th>
              <th scope="col">{texts.overturned}</th>
              <th scope="col">{texts.seconds}</th>
              <th scope="col">{texts.waited}</th>
            </tr>
          </thead>
          <tbody>
            {reviewers.map((one) => (
              <tr key={one.person_id}>
                <th scope="row" dir="auto">{one.name}</th>
                <td data-number>{count(one.n_decided)}</td>
                <td data-number>{count(one.n_appealed)}</td>
                <td>
                  <Interval of={one.overturned} />
                </td>
                <td>
                  <Interval of={one.seconds} unit="seconds" />
                </td>
                <td>
                  <Interval of={one.hours_waited} unit="plain" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
