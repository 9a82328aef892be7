/** Which columns the list of items has. Item and label are always there. Pure. */
export const COLUMNS = ["prediction", "notes", "asked", "state", "answers"] as const;
export type Column = (typeof COLUMNS)[number];

/** How much room there is: a desktop, a tablet, a phone. */
export type Room = "wide" | "medium" | "narrow";

/** Pixels of each column; the item takes the rest. */
export const WIDTHS: Record<Column | "label", number> = { label: 138, prediction: 138, notes: 204, asked: 108, state: 84, answers: 84 };
export const LEAST_ITEM: Record<Room, number> = { wide: 220, medium: 200, narrow: 140 };

const DEFAULTS: Record<Room, readonly Column[]> = {
  wide: COLUMNS,
  medium: ["notes", "asked", "answers"],
  narrow: ["notes"],
};

/** The columns in their order: those that were chosen, or what fits. */
export function columnsFor(chosen: readonly Column[] | null, room: Room): Column[] {
  const shown = chosen ?? DEFAULTS[room];
  return COLUMNS.filter((column) => shown.includes(column));
}

/** Show or hide one column. */
export function toggled(shown: readonly Column[], column: Column): Column[] {
  return COLUMNS.filter((one) => (one === column ? !shown.includes(one) : shown.includes(one)));
}

/** On a phone a note stands below its item instead of in a column. */
export function hasNotesBelow(shown: readonly Column[], room: Room): boolean {
  return room === "narrow" && shown.includes("notes");
}

/** The width below which the table is scrolled sideways. */
export function leastWidth(shown: readonly Column[], room: Room): number {
  return shown.reduce((sum, column) => sum + WIDTHS[column], (room === "narrow" ? 120 : WIDTHS.label) + LEAST_ITEM[room]);
}

/** What the browser has kept; anything else is no choice. */
export function toColumns(kept: string | undefined): Column[] | null {
  try {
    const value: unknown = JSON.parse(kept ?? "null");
    return Array.isArray(value) ? COLUMNS.filter((column) => value.includes(column)) : null;
  } catch {
    return null;
  }
}
