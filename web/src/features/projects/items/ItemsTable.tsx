import { Checkbox } from "@mantine/core";
import type { ItemSummary, Question } from "@/api/types";
import { s } from "@/ui/strings";
import { hasNotesBelow, leastWidth, WIDTHS, type Column, type Room } from "./columns";
import { ItemRow } from "./ItemRow";
import css from "./items.module.css";

interface Props {
  slug: string;
  items: readonly ItemSummary[];
  question: Question | undefined;
  columns: readonly Column[];
  room: Room;
  busy: boolean;
  selected: ReadonlySet<string>;
  /** Missing where the person may not change items. */
  onSelect: ((selected: ReadonlySet<string>) => void) | undefined;
}

/** The items as rows; it is scrolled sideways where the columns do not fit. */
export function ItemsTable({ slug, items, question, columns, room, busy, selected, onSelect }: Props) {
  const all = items.length > 0 && items.every((item) => selected.has(item.id));
  const notesBelow = hasNotesBelow(columns, room);
  const beside = columns.filter((column) => !(notesBelow && column === "notes"));
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect?.(next);
  };
  return (
    <div className={css.scroll} role="region" aria-label={s.records.title} tabIndex={0}>
      <table className={css.table} style={{ minWidth: leastWidth(beside, room) }} data-busy={busy || undefined} aria-busy={busy}>
        <thead>
          <tr>
            {onSelect && (
              <th className={css.check}>
                <Checkbox size="xs" aria-label={s.records.selectAll} checked={all} indeterminate={!all && selected.size > 0} onChange={() => onSelect(new Set(all ? [] : items.map((item) => item.id)))} />
              </th>
            )}
            <th>{s.records.columns.item}</th>
            <th style={{ width: room === "narrow" ? "36%" : WIDTHS.label }}>{s.records.columns.label}</th>
            {beside.map((column) => (
              <th key={column} style={{ width: WIDTHS[column] }} className={column === "answers" ? css.right : undefined}>
                {s.records.columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <ItemRow
              key={item.id}
              slug={slug}
              item={item}
              question={question}
              columns={beside}
              notesBelow={notesBelow}
              selected={selected.has(item.id)}
              onToggle={onSelect && (() => toggle(item.id))}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
