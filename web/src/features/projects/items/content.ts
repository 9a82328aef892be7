/** The content of an item as it is edited: texts by column. Pure. */
import type { Content } from "@/api/types";

/** The one cell of a text item. */
export const TEXT = "text";

/** What may be edited, or null where content cannot be replaced by typing. */
export function toTyped(content: Content): Record<string, string> | null {
  if (content.row) return Object.fromEntries(Object.entries(content.row).map(([column, value]) => [column, value === null || value === undefined ? "" : String(value as string | number)]));
  return content.text === null || content.text === undefined ? null : { [TEXT]: content.text };
}

/** Cells as the server takes them: a number stays a number, an empty cell of a row is none. */
export function toCells(content: Content, typed: Record<string, string>): Record<string, string | number | null> {
  return Object.fromEntries(Object.entries(typed).map(([column, text]) => [column, content.row ? toCell(content.row[column], text) : text]));
}

function toCell(before: unknown, text: string): string | number | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return typeof before === "number" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
}
