import { slotLook } from "@/api/slots";
import type { ItemDetail, Question } from "@/api/types";
import { moment } from "@/ui/format";
import { Badge } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./items.module.css";

/** What a person wrote to an annotation. */
function Reason({ text }: { text: unknown }) {
  return typeof text === "string" ? <p className={css.reason} dir="auto">{text}</p> : null;
}

function askedAs(kind: unknown): string | null {
  return typeof kind === "string" ? s.records.askedAs(slotLook(kind).label) : null;
}

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
            <Reason text={entry.detail?.reason} />
            {typeof entry.detail?.why === "string" && <p className="lw-quiet lw-small">{entry.detail.why}</p>}
            {typeof entry.detail?.guideline === "string" && <Badge tone="warn">{s.records.olderGuideline(entry.detail.guideline)}</Badge>}
            {typeof entry.detail?.was === "string" && <Badge>{s.records.was(entry.detail.was)}</Badge>}
            {typeof entry.detail?.schema === "string" && <Badge tone="warn">{s.records.olderSchema(entry.detail.schema)}</Badge>}
            <span className="lw-quiet lw-small">
              {[entry.kind === "answer" ? s.records.answer : null, entry.by, askedAs(entry.detail?.shown_as), entry.seq === null || entry.seq === undefined ? null : `#${entry.seq}`].filter(Boolean).join(" · ")}
            </span>
          </div>
        </li>
      ))}
    </ol>
  );
}
