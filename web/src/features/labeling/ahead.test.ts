import { expect, it } from "vitest";
import { aheadOf, FEW, MANY, pauseOf, readyCount, surplus } from "./ahead";
import { fromLease, START } from "./model";
import type { Card, State } from "./state";

const card = (id: string, mode: Card["mode"] = "lease"): Card => ({
  ...fromLease({
    id: `le_${id}`, item: { id, key: id, source: "s", content: { kind: "text", text: id } }, question: "q", questions: ["q"], answered: {}, expires_at: "2026-01-01T00:00:00Z",
  }),
  mode,
});
const cards = (n: number) => Array.from({ length: n }, (_, i) => card(String(i)));

it("takes five ahead, and fifty for working offline", () => {
  expect([FEW, MANY]).toEqual([5, 50]);
  expect(aheadOf(false)).toEqual({ take: 5, refillAt: 2 });
  expect(aheadOf(true)).toEqual({ take: 50, refillAt: 44 });
});

it("hurries only where the person would have to wait", () => {
  expect(pauseOf(0, "starting", false)).toBeLessThan(pauseOf(0, null, false));
  expect(pauseOf(30, null, true)).toBeGreaterThan(pauseOf(0, null, true));
});

it("gives back what is more than a few, and nothing that is not lent", () => {
  expect(surplus(cards(49))).toHaveLength(45);
  expect(surplus(cards(4))).toEqual([]);
  expect(surplus([card("x", "again"), ...cards(4)])).toEqual([]);
});

it("counts what can be shown, the item at hand included", () => {
  const state: State = { ...START, current: card("a"), queue: [card("b"), card("c")] };
  expect(readyCount(state, (one) => one.item.id !== "c")).toBe(2);
  expect(readyCount({ ...state, current: card("a", "correct") }, () => true)).toBe(2);
});
