import { Link } from "@tanstack/react-router";
import { moment } from "@/ui/format";
import { Badge } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./audit.module.css";
import type { AuditLine } from "./requests";

const texts = s.audit;

/** One line an event; its details open below it. */
export function Events({ slug, lines }: { slug: string; lines: readonly AuditLine[] }) {
  return (
    <ol className={css.events} data-testid="events">
      {lines.map((line) => (
        <li key={line.seq}>
          <span className="lw-quiet lw-small lw-num">{line.seq}</span>
          <div className={css.event}>
            <div className={css.line}>
              <span>{line.says}</span>
              <code className="lw-small lw-quiet">{line.kind}</code>
              {line.item !== null && (
                <Link to="/p/$slug/items/$id" params={{ slug, id: line.item }}>
                  {line.item}
                </Link>
              )}
            </div>
            <div className={css.by}>
              <Badge tone={line.is_human ? "accent" : undefined}>{line.is_human ? texts.human : texts.automatic}</Badge>
              {line.is_human && <span dir="auto">{line.by}</span>}
              <time className="lw-quiet lw-small" dateTime={line.at}>
                {moment(line.at)}
              </time>
            </div>
            <details>
              <summary>{texts.details}</summary>
              {Object.keys(line.body).length === 0 ? <p className="lw-quiet">{texts.withheld}</p> : <pre tabIndex={0}>{JSON.stringify(line.body, null, 2)}</pre>}
              <p className="lw-quiet lw-small">{line.hash}</p>
            </details>
          </div>
        </li>
      ))}
    </ol>
  );
}
