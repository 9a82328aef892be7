import type { ItemDetail } from "@/api/types";
import { moment } from "@/ui/format";
import css from "./item.module.css";

/** An item's life, the newest on top. */
export function Life({ history }: { history: ItemDetail["history"] }) {
  return (
    <ol className={css.timeline}>
      {[...history].reverse().map((entry, i) => (
        <li key={`${entry.at}-${i}`} data-kind={entry.kind}>
          <span className={css.moment}>{moment(entry.at)}</span>
          <div>
            <b>{entry.summary}</b>
            <span className="lw-quiet lw-small">
              {[entry.kind, entry.by, entry.seq === null || entry.seq === undefined ? null : `#${entry.seq}`].filter(Boolean).join(" · ")}
            </span>
          </div>
        </li>
      ))}
    </ol>
  );
}
