import { Badge } from "@mantine/core";
import { count } from "@/ui/format";
import { s } from "@/ui/strings";
import css from "./progress.module.css";
import type { SourceOfLabels as Source } from "./requests";

const texts = s.progress.source;

/** What labels of another domain brought: the last model's choice, and what else was compared. */
export function SourceOfLabels({ source }: { source: Source }) {
  return (
    <div className={css.control} data-testid="source">
      <p>{source.why ?? texts.waiting}</p>
      <p className="lw-quiet lw-small">{texts.from(count(source.n_items), source.came_from)}</p>
      {source.tried.length > 0 && (
        <details>
          <summary>{texts.tried}</summary>
          <p className="lw-quiet lw-small">{texts.triedText}</p>
          <div className={css.encoders}>
            {source.tried.map((one) => (
              <div key={one.method ?? ""} className={css.fit}>
                <div>
                  {one.method === null ? texts.alone : texts.method(one.method, one.amount)} {one.method === source.method && <Badge size="sm">{texts.serves}</Badge>}
                </div>
                <div className="lw-num lw-small">{one.loss === null ? "" : texts.loss(Math.max(0, one.loss).toFixed(3))}</div>
              </div>
            ))}
          </div>
        </details>
      )}
    </div>
  );
}
