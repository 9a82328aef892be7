import { onSite } from "@/site/base";
import { useEffect, useRef, useState } from "react";
import { classColor } from "@/ui/colors";
import { useActions } from "@/actions/useActions";
import { Badge, Dot } from "@/ui/parts";
import { s } from "@/ui/strings";
import { taskOf } from "@/tasks";
import type { Answer } from "@/api/types";
import css from "./calibration.module.css";
import { Detail } from "./Detail";
import { BeforeAfter, Measures } from "./Measures";
import type { Session, SessionItem } from "./requests";

/** A revealed session: agreement, a grid of items and people, and the item that is discussed. */
export function Revealed({ slug, session }: { slug: string; session: Session }) {
  const { items, agreement, comparison } = session;
  const [place, setPlace] = useState<string | null>(null);
  const at = Math.max(items.findIndex((one) => (place === null ? one.disputed && !one.decision : one.place === place)), 0);
  const item = items[at];
  const detail = useRef<HTMLDivElement>(null);
  const step = (by: 1 | -1) => {
    const next = items[at + by];
    if (next) setPlace(next.place);
    return next !== undefined;
  };
  useActions(["review", "label"], (id) => {
    if (id === "review.next" || id === "choice.down") return step(1);
    return id === "review.previous" || id === "choice.up" ? step(-1) : false;
  });
  useEffect(() => {
    if (place !== null) detail.current?.scrollIntoView({ block: "start" });
  }, [place]);
  return (
    <div className={css.stack}>
      {comparison && <BeforeAfter slug={slug} comparison={comparison} />}
      {agreement && <Measures agreement={agreement} />}
      <Grid session={session} current={item?.place ?? ""} onPick={setPlace} />
      {item && (
        <div ref={detail}>
          <Detail key={item.place} slug={slug} session={session} item={item} onStep={step} isFirst={at === 0} isLast={at === items.length - 1} />
        </div>
      )}
    </div>
  );
}

interface GridProps {
  session: Session;
  current: string;
  onPick: (place: string) => void;
}

/** Items down, people across; on a phone the answers of an item stand below it. */
function Grid({ session, current, onPick }: GridProps) {
  const { items, people } = session;
  const answered = people.filter((one) => one.n_answered > 0);
  return (
    <section className={`lw-panel ${css.scroll}`} role="region" aria-label={s.calibration.itemList} tabIndex={0}>
      <table className={`${css.table} ${css.grid}`}>
        <thead>
          <tr>
            <th scope="col">{s.calibration.item}</th>
            {answered.map((one) => (
              <th key={one.id} scope="col">{one.name}</th>
            ))}
            <th scope="col">{s.calibration.decision}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.place} data-current={item.place === current || undefined} data-testid="answers-row">
              <th scope="row">
                <button type="button" className={css.pick} aria-current={item.place === current} onClick={() => onPick(item.place)}>
                  <span className="lw-num">{item.place}</span> <Short item={item} />
                </button>
                <State item={item} />
              </th>
              {answered.map((person) => {
                const said = item.answers.find((one) => one.person_id === person.id);
                return (
                  <td key={person.id} data-who={person.name}>
                    {said ? <Said session={session} answer={said.answer as Answer} label={said.label} noted={said.note !== null} /> : <span className="lw-quiet">–</span>}
                  </td>
                );
              })}
              <td data-who={s.calibration.decision} dir="auto">{item.decision ? <b>{item.decision.label}</b> : <span className="lw-quiet">–</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {items.some((item) => item.answers.some((one) => one.note !== null)) && <p className={`lw-quiet lw-small ${css.legend}`}>{s.calibration.noted}</p>}
    </section>
  );
}

function Short({ item }: { item: SessionItem }) {
  const { content, key } = item.item;
  if (content.media) return <img src={onSite(content.media)} alt={s.items.imageOf(key)} className={css.thumb} loading="lazy" />;
  return <span className={css.short} dir="auto">{content.text ?? (content.row ? Object.values(content.row).join(" · ") : key)}</span>;
}

function State({ item }: { item: SessionItem }) {
  const n = item.answers.length;
  if (item.hidden) return null;
  if (item.disputed) return <Badge tone="warn">{s.calibration.disputed}</Badge>;
  return <Badge tone={n > 1 ? "good" : undefined}>{n === 0 ? s.calibration.noAnswers : n === 1 ? s.calibration.oneAnswer : s.calibration.unanimous}</Badge>;
}

/** An answer with the colour of its class; a dot with words, never a colour alone. */
function Said({ session, answer, label, noted }: { session: Session; answer: Answer; label: string; noted: boolean }) {
  const [carried] = taskOf(session.question).carries(answer);
  const at = session.question.labels.findIndex((one) => one.id === carried);
  return (
    <span className={css.said} dir="auto">
      {at >= 0 && <Dot color={classColor(at)} />} {label}
      {noted && <span className="lw-quiet"> *</span>}
    </span>
  );
}
