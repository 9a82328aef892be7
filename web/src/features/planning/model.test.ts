import { expect, test } from "vitest";
import type { Plan, SetUp } from "@/api/types";
import { answersText, DEFAULTS, nameOf, numbers, plotOf, replays, savingText, span, tableOf, toPlan } from "./model";

const margin: SetUp = { strategy: "margin", model: "linear", batch_size: 10, overlap: 1 };
const random: SetUp = { ...margin, strategy: "random" };
const known = { value: 410.4, low: 350, high: 480 };
const row = (setup: SetUp) => ({ setup, error: 0, n_seeds: 2, n_reached: 2, answers: known, saving: { value: 0.38, low: 0.25, high: 0.49 }, hours: 1, cost: null, value: 0.9 });
const curve = (setup: SetUp) => ({ setup, error: 0, points: [{ n_answers: 10, value: 0.5, low: 0.4, high: 1.2 }, { n_answers: 20, value: 0.9, low: null, high: null }] });
const other: SetUp = { ...margin, strategy: "entropy" };
const plan = { line: { name: "a" }, metric: "accuracy", target: 0.8, baseline: random, errors: [0], rows: [row(margin), row(random)], proposals: [{ setup: margin, error: 0 }], curves: [curve(random), curve(margin), curve(other)] } as unknown as Plan;

test("numbers are read with commas between, within limits, each once", () => {
  expect(numbers("10, 50,10", 1, 100)).toEqual([10, 50]);
  expect(numbers("", 1, 100)).toEqual([]);
  expect(numbers("10, many", 1, 100)).toBeNull();
  expect(numbers("101", 1, 100)).toBeNull();
});

test("a form becomes a request, random among the strategies and errors as shares", () => {
  const body = toPlan({ ...DEFAULTS, errors: "0, 10", batches: "5", rate: 20 }, { project: "a", columns: {} });
  expect(body).toMatchObject({ strategies: ["auto", "margin", "random"], errors: [0, 0.1], batch_sizes: [5], rate: null });
  expect(toPlan({ ...DEFAULTS, overlaps: "" }, { columns: {} })).toBeNull();
  expect(toPlan({ ...DEFAULTS, batches: "2.5" }, { columns: {} })).toBeNull();
});

test("replays are counted as the server does", () => {
  expect(replays(DEFAULTS)).toBe(3 * 5);
  expect(replays({ ...DEFAULTS, models: ["linear", "boosting"], errors: "0, 10" })).toBe((2 * 2 + 2) * 2 * 5);
  expect(replays({ ...DEFAULTS, errors: "many" })).toBeNull();
});

test("a set-up is named by what differs", () => {
  expect(nameOf(margin, [margin, random])).toBe("margin");
  expect(nameOf(margin, [margin, { ...random, batch_size: 20 }])).toBe("margin, 10 a round");
});

test("figures come with intervals, and bounds are called so", () => {
  expect(answersText(known, true)).toBe("410 [350, 480]");
  expect(answersText(known, false)).toBe("at least 410");
  expect(answersText({ value: 410, low: null, high: null }, true)).toBe("410");
  expect(savingText({ value: 0.38, low: 0.25, high: 0.49 })).toBe("38 % [25, 49]");
  expect(savingText({ value: null, low: null, high: null })).toBeNull();
});

test("the picture has the proposal first, bands for it and the baseline alone, and stays within shares", () => {
  const plot = plotOf(plan, 0);
  expect(plot.series.map((one) => one.name)).toEqual(["margin", "random"]);
  expect(plot.series[1]?.dashed).toBe(true);
  expect(plot.series[0]?.points[0]).toEqual({ x: 10, y: 0.5, low: 0.4, high: 1.2 });
  expect(span(plot)[1]).toBe(1);
  expect(tableOf(plan).rows[0]).toMatchObject({ strategy: "margin", answers_low: 350 });
});
