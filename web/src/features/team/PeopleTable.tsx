import { Link } from "@tanstack/react-router";
import { count } from "@/ui/format";
import { Badge } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Interval, money } from "./Interval";
import type { PersonLine } from "./requests";
import css from "./team.module.css";

interface Props {
  slug: string;
  people: readonly PersonLine[];
  alarms: ReadonlySet<string>;
}

/** Everybody by name, never by rank. */
export function PeopleTable({ slug, people, alarms }: Props) {
  const texts = s.team.table;
  const costs = people.some((one) => one.pace.cost !== null);
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={texts.label}>
      <table className={css.table} data-testid="team-table">
        <thead>
          <tr>
            <th scope="col">{texts.person}</th>
            <th scope="col" data-number>{texts.items}</th>
            <th scope="col" data-number>{texts.hours}</th>
            <th scope="col">{texts.seconds}</th>
            <th scope="col" data-number>{texts.perHour}</th>
            <th scope="col">{texts.agreement}</th>
            <th scope="col">{texts.gold}</th>
            <th scope="col">{texts.itself}</th>
            {costs && (
              <>
                <th scope="col" data-number>{texts.cost}</th>
                <th scope="col" data-number>{texts.costPerLabel}</th>
                <th scope="col">{texts.costPerCorrect}</th>
              </>
            )}
            <th scope="col" data-number>{texts.aside}</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ pace, skill, ...one }) => (
            <tr key={one.person_id}>
              <th scope="row">
                <Link to="/p/$slug/team/$person" params={{ slug, person: one.person_id }} dir="auto">
                  {one.name}
                </Link>{" "}
                {alarms.has(one.person_id) && <Badge tone="warn">{texts.look}</Badge>} {one.expert && <Badge tone="accent">{texts.expert}</Badge>} {one.paused && <Badge>{texts.paused}</Badge>}{" "}
                {one.simulated && <Badge>{texts.simulated}</Badge>}
              </th>
              <td data-number>{count(pace.n_items)}</td>
              <td data-number>{s.team.hours(pace.hours)}</td>
              <td>
                <Interval of={pace.seconds} unit="seconds" withN={false} />
              </td>
              <td data-number>{pace.per_hour == null ? s.team.none : count(pace.per_hour)}</td>
              <td>
                <Interval of={skill.agreement} brief />
              </td>
              <td>
                <Interval of={skill.gold} brief />
              </td>
              <td>
                <Interval of={skill.itself} brief />
              </td>
              {costs && (
                <>
                  <td data-number>{pace.cost == null ? s.team.none : money(pace.cost)}</td>
                  <td data-number>{pace.cost_per_label == null ? s.team.none : money(pace.cost_per_label)}</td>
                  <td>
                    <Interval of={pace.cost_per_correct} unit="money" withN={false} />
                  </td>
                </>
              )}
              <td data-number>{texts.asideOf(pace.n_skipped, pace.n_flagged, pace.n_late)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
