import { figure } from "@/ui/format";
import { s } from "@/ui/strings";
import type { LabelPreview } from "./labelRequests";
import css from "./settings.module.css";

const texts = s.migrations;

type Uncertain = LabelPreview["before"]["raw"];

/** A figure with its interval, or why there is none. */
function said(one: Uncertain): string {
  if (one.value === null || one.value === undefined) return one.why ?? texts.unknown;
  if (one.low === null || one.low === undefined || one.high === null || one.high === undefined) return figure(one.value);
  return `${figure(one.value)} [${figure(one.low)}, ${figure(one.high)}]`;
}

/** What a merger or a split would do. */
export function LabelFigures({ found }: { found: LabelPreview }) {
  const { before, after, accuracy, again } = found;
  const facts: [string, string][] = [
    [texts.answers, texts.answersOf(found.n_answers, found.n_items, found.n_people)],
    [texts.others, `${found.n_of_data}, ${found.n_decided}`],
    [texts.checks, `${found.n_reserve}, ${found.n_gold}`],
  ];
  if (again) {
    facts.push([texts.again, texts.againOf(again.n_reserve, again.n_pool)]);
    facts.push([texts.time, again.hours === null ? texts.noTime : texts.hours(again.hours)]);
    if (again.cost !== null) facts.push([texts.cost, figure(again.cost)]);
  }
  const pairs: [string, string, string][] = [
    [texts.disputed, String(before.n_disputed), String(after.n_disputed)],
    [texts.agreement, said(before.raw), said(after.raw)],
    [texts.beyond, said(before.krippendorff), said(after.krippendorff)],
  ];
  if (accuracy) pairs.push([texts.accuracyOf(accuracy.metric, accuracy.n), said(accuracy.before), said(accuracy.after)]);
  const count = (n: number | null) => (n === null ? texts.none : String(n));
  return (
    <section className={css.section} aria-label={texts.figures} data-testid="label-figures">
      <dl className={css.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Table caption={texts.figures} first="" rows={pairs} />
      <Table caption={texts.items} first={texts.label} rows={found.classes.map((one): [string, string, string] => [one.name, count(one.before), count(one.after)])} />
    </section>
  );
}

function Table({ caption, first, rows }: { caption: string; first: string; rows: [string, string, string][] }) {
  return (
    <table className={css.figures}>
        <caption className="lw-small">{caption}</caption>
        <thead>
          <tr>
            {first === "" ? <td /> : <th scope="col">{first}</th>}
            <th scope="col">{texts.before}</th>
            <th scope="col">{texts.after}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, now, then]) => (
            <tr key={name}>
              <th scope="row" dir="auto">
                {name}
              </th>
              <td className="lw-num">{now}</td>
              <td className="lw-num">{then}</td>
            </tr>
          ))}
        </tbody>
    </table>
  );
}
