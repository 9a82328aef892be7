import { expect, it } from "vitest";
import type { Item } from "@/api/types";
import { ActiveClock } from "@/actions/clock";
import { batch, emptyGrid, gridMove, gridToggle, gridUndo, type Grid, type GridAnswer } from "./grid";
import type { Card } from "./state";

const card = (id: string): Card => {
  const item: Item = { id, key: id, source: "", content: { kind: "text", text: id } };
  return { item, leaseId: `le_${id}`, expiresAt: null, mode: "lease", standing: {}, before: {}, corrects: null, words: null };
};
const answer: GridAnswer = { question: "q", label: { label: "l_1" }, summary: "one" };
const grid: Grid = { ...emptyGrid, cards: ["a", "b", "c"].map(card) };

it("labels all that are selected, shares the seconds and gives the rest back", () => {
  const made = batch(gridToggle(grid, 1), answer, new ActiveClock(0), 6000);
  expect(made.send.map((one) => [one.item_id, one.lease_id, one.seconds])).toEqual([["a", "le_a", 3], ["c", "le_c", 3]]);
  expect(made.excluded.map((one) => one.item.id)).toEqual(["b"]);
  expect(new Set(made.send.map((one) => one.answer_id)).size).toBe(2);
});

it("shares out active seconds: time away and in a hidden tab is no work", () => {
  const clock = new ActiveClock(0);
  clock.hide(6000);
  clock.show(3_600_000);
  clock.touch(3_603_000);
  const { send } = batch(grid, answer, clock, 7_200_000);
  expect(send.map((one) => one.seconds)).toEqual([23, 23, 23]); // 6 s, 3 s and a minute before the idle cut
});

it("toggles twice to where it was and keeps the cursor inside", () => {
  expect(gridToggle(gridToggle(grid, 0), 0).out.size).toBe(0);
  expect(gridMove(grid, -3).cursor).toBe(0);
  expect(gridMove(grid, 9).cursor).toBe(2);
});

it("takes a batch back as a whole", () => {
  const made = batch(grid, answer, new ActiveClock(0), 3000);
  const undone = gridUndo({ ...emptyGrid, last: made.cards }, made.done);
  expect(undone.send.map((one) => one.kind)).toEqual(["undo", "undo", "undo"]);
  expect(undone.send[0]?.replaces).toBe(`local:${made.send[0]?.answer_id ?? ""}`);
  expect(undone.grid.cards.map((one) => [one.item.id, one.leaseId])).toEqual([["a", null], ["b", null], ["c", null]]);
});
