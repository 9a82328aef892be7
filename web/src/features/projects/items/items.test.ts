import { expect, it } from "vitest";
import type { Content } from "@/api/types";
import { toCells, toTyped } from "./content";
import { COLUMNS, columnsFor, hasNotesBelow, leastWidth, toColumns, toggled } from "./columns";
import { ALL_ITEMS, askAbout, toFilter, toSearch } from "./filter";

it("keeps the filter in the address, without the defaults", () => {
  expect(toSearch(ALL_ITEMS)).toEqual({});
  const filter = { ...ALL_ITEMS, show: "flagged" as const, label: "l_2", area: "pca~0123~0.0.a.0.0.a", sort: "doubt" as const, descending: true };
  expect(toSearch(filter)).toEqual({ show: "flagged", label: "l_2", area: "pca~0123~0.0.a.0.0.a", sort: "doubt", descending: true });
  expect(toFilter(toSearch(filter))).toEqual(filter);
});

it("takes an address that says nonsense for the default", () => {
  expect(toFilter({ show: "x", sort: 3, descending: "yes", label: true })).toEqual(ALL_ITEMS);
  expect(toFilter({ search: 12 }).search).toBe("12");
});

it("drops the label when another question is meant", () => {
  expect(askAbout({ ...ALL_ITEMS, label: "l_1" }, "q_2")).toMatchObject({ question: "q_2", label: null });
});

it("edits a text as one cell", () => {
  const content: Content = { kind: "text", text: "old" };
  expect(toTyped(content)).toEqual({ text: "old" });
  expect(toCells(content, { text: "new 7 " })).toEqual({ text: "new 7 " });
});

it("edits a row by column; numbers stay numbers, what is emptied is none", () => {
  const content: Content = { kind: "table", row: { age: 31, city: "Graz", note: null } };
  expect(toTyped(content)).toEqual({ age: "31", city: "Graz", note: "" });
  expect(toCells(content, { age: " 32 ", city: "7", note: "" })).toEqual({ age: 32, city: "7", note: null });
  expect(toCells(content, { age: "old" })).toEqual({ age: "old" });
});

it("does not edit images", () => {
  expect(toTyped({ kind: "image", media: "/api/x" })).toBeNull();
});

it("shows the columns that fit, until some are chosen", () => {
  expect(columnsFor(null, "wide")).toEqual([...COLUMNS]);
  expect(columnsFor(null, "narrow")).toEqual(["notes"]);
  expect(columnsFor(["answers", "notes"], "wide")).toEqual(["notes", "answers"]);
  expect(columnsFor([], "wide")).toEqual([]);
  expect(toggled(["answers"], "notes")).toEqual(["notes", "answers"]);
  expect(toggled(["notes", "answers"], "notes")).toEqual(["answers"]);
});

it("takes what the browser has kept for a choice only where it is one", () => {
  expect(toColumns(JSON.stringify(["state", "gone"]))).toEqual(["state"]);
  expect([undefined, "null", "{}", "nonsense"].map(toColumns)).toEqual([null, null, null, null]);
});

it("puts notes below the item on a phone, and scrolls where the columns do not fit", () => {
  expect(hasNotesBelow(["notes"], "narrow")).toBe(true);
  expect(hasNotesBelow(["notes"], "medium")).toBe(false);
  expect(leastWidth([], "narrow")).toBeLessThan(320);
  expect(leastWidth([...COLUMNS], "wide")).toBeLessThan(1140);
});
