import { expect, test } from "vitest";
import { place, span, ticks, tickText } from "./points";

const BOX = { width: 200, height: 100, left: 20, right: 0, top: 0, bottom: 20 };

test("ticks are round and lie between the ends", () => {
  expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(-3.1, 4.2)).toEqual([-2, 0, 2, 4]);
  expect(ticks(0.81, 0.93).every((one) => one >= 0.81 && one <= 0.93)).toBe(true);
});

test("ticks have no digits that say nothing", () => {
  expect([0.2, 1, 0.1 + 0.2, -3].map(tickText)).toEqual(["0.2", "1", "0.3", "\u22123"]);
});

test("an axis has room and holds what it must, also for one value", () => {
  const [low, high] = span([0.5], [0]);
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThan(0.5);
  expect(span([2])[1]).toBeGreaterThan(2);
  expect(span([])).toEqual([0, 1]);
});

test("greater values are higher up", () => {
  const { points } = place([{ x: 0, value: 0.5, low: 0.25, high: 1, text: "" }], [0, 1], [0, 1], BOX);
  expect(points[0]).toEqual({ x: 20, y: 40, top: 0, bottom: 60, text: "" });
});
