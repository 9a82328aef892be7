import { cell } from "@/ui/format";
import { s } from "@/ui/strings";
import type { ItemKind, ItemViewProps } from "../kind";
import css from "./table.module.css";
import { difference, typicalOf, type Difference } from "./typical";

const ARROW: Record<string, string> = { "1": "▲", "-1": "▼" };

function TableView({ item, compact = false }: ItemViewProps) {
  const { row, typical } = item.content;
  const names = Object.keys(row ?? {});
  const lines = names.map((name) => ({ name, value: row?.[name], typical: typical?.[name], diff: difference(row?.[name], typical?.[name]) }));
  const shownLines = compact ? [...lines].sort((a, b) => Number(b.diff.strong) - Number(a.diff.strong)).slice(0, 6) : lines;
  return (
    <div className={compact ? css.compact : css.scroll} tabIndex={compact ? undefined : 0}>
      <dl className={css.card}>
        {shownLines.map((line) => (
          <div key={line.name} className={css.line} data-differs={line.diff.strong || undefined}>
            <dt dir="auto">{line.name}</dt>
            <dd className="lw-num" dir="auto">
              {cell(line.value)}
              {!compact && <Mark diff={line.diff} typical={line.typical} />}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Mark({ diff, typical }: { diff: Difference; typical: unknown }) {
  const { value, spread } = typicalOf(typical);
  const title = value === undefined || value === null ? undefined : s.items.typical(cell(value), spread === null ? null : cell(spread));
  return (
    <span className={css.mark} data-strong={diff.strong || undefined} title={title}>
      {diff.text !== "" && (
        <>
          {ARROW[String(diff.direction)] ?? "≠"} {diff.text}
        </>
      )}
    </span>
  );
}

export const kind: ItemKind = { name: "table", View: TableView };
