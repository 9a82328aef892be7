import type { ItemDetail, Question } from "@/api/types";
import { moment } from "@/ui/format";
import { Badge } from "@/ui/parts";
import css from "./items.module.css";

/** An item's history, the newest on top. */
export function Life({ history, questions }: { history: ItemDetail["history"]; questions: readonly Question[] }) {
  const nameOf = (id: string) => questions.find((question) => question.id === id)?.name ?? id;
  return (
    <ol className={css.timeline}>
      {[...history].reverse().map((entry, i) => (
        <li key={`${entry.at}-${i}`} data-kind={entry.kind}>
          <span className={css.moment}>{moment(entry.at)}</span>
          <div>
            <b dir="auto">
              {entry.summary} {entry.question && questions.length > 1 && <Badge>{nameOf(entry.question)}</Badge>}
            </b>
            {typeof entry.detail?.reason === "string" && <q className={css.words} dir="auto">{entry.detail.reason}</q>}
            <span className="lw-quiet lw-small">
              {[entry.kind, entry.by, entry.seq === null || entry.seq === undefined ? null : `#${entry.seq}`].filter(Boolean).join(" · ")}
            </span>
          </div>
        </li>
      ))}
    </ol>
  );
}
