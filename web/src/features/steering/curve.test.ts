import { expect, it } from "vitest";
import type { CurvePoint, Estimate } from "@/api/types";
import { axes, columns, range } from "./curve";

const estimate = (n_labels: number, value: number, n = 100): Estimate => ({
  metric: "accuracy", value, low: value - 0.1, high: value + 0.05, n, n_labels, enough: n >= 30,
});
const point = (n_labels: number, value: number, n?: number): CurvePoint => ({ cycle: 1, at: "", n_labels, hours: 0, estimate: estimate(n_labels, value, n) });

it("sorts by labels, keeps the latest model and joins the baseline", () => {
  const data = columns([point(20, 0.6), point(10, 0.5, 5), point(20, 0.7)], [estimate(15, 0.4)]);
  expect(data.x).toEqual([10, 15, 20]);
  expect(data.value).toEqual([0.5, null, 0.7]);
  expect(data.baseline).toEqual([null, 0.4, null]);
});

it("parts what can be judged from what cannot", () => {
  const data = columns([point(10, 0.5, 5), point(20, 0.7)], []);
  expect([data.hollow, data.solid]).toEqual([[0.5, null], [null, 0.7]]);
});

it("leaves out models that were not measured", () => {
  expect(columns([{ cycle: 1, at: "", n_labels: 5, hours: 0, estimate: null }], []).x).toEqual([]);
});

it("shows the target and stays within [0, 1] for shares", () => {
  const [low, high] = range(columns([point(20, 0.7)], []), 0.99);
  expect(low).toBeLessThan(0.6);
  expect(high).toBe(1);
  expect(range(columns([], []), null)).toEqual([0, 1]);
});

it("stands over hours and cost where they are known, without the control arm", () => {
  const curve = [{ ...point(10, 0.5), hours: 0.5 }, { ...point(20, 0.7), hours: 1.5 }];
  const data = columns(curve, [estimate(15, 0.4)], "hours");
  expect([data.x, data.baseline]).toEqual([[0.5, 1.5], [null, null]]);
  expect(axes(curve)).toEqual(["labels", "hours"]);
  expect(axes([{ ...point(10, 0.5), hours: 0.5, cost: 3 }])).toEqual(["labels", "hours", "cost"]);
  expect(axes([point(10, 0.5)])).toEqual(["labels"]);
});
