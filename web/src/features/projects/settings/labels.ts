/** The labels of a question as a form holds them. Pure. */
import type { Question } from "@/api/types";
import { s } from "@/ui/strings";

export interface LabelRow {
  /** Null: not stored yet. */
  id: string | null;
  name: string;
  /** For lists. */
  key: string;
}

export function rowsOf(question: Question): LabelRow[] {
  return question.labels.map((label) => ({ id: label.id, name: label.name, key: label.id }));
}

export function move(rows: readonly LabelRow[], from: number, by: -1 | 1): LabelRow[] {
  const to = from + by;
  const [one, other] = [rows[from], rows[to]];
  if (!one || !other) return [...rows];
  return rows.map((row, i) => (i === from ? other : i === to ? one : row));
}

export function isChanged(question: Question, text: string, rows: readonly LabelRow[], open: boolean): boolean {
  const before = rowsOf(question);
  const same = rows.length === before.length && rows.every((row, i) => row.id === before[i]?.id && row.name.trim() === before[i]?.name);
  return !same || text.trim() !== question.name || open !== question.open;
}

/** What the server would refuse, by the row. */
export function problemOf(rows: readonly LabelRow[], i: number): string | null {
  const name = rows[i]?.name.trim() ?? "";
  if (name === "") return s.settings.needName;
  return rows.some((row, k) => k < i && row.name.trim() === name) ? s.create.sameLabel(name) : null;
}
