import { describe, expect, it } from "vitest";
import type { PersonLine, TeamFigure } from "./requests";
import { names, roundUp, scatter } from "./scatter";

const BOX = { width: 700, height: 300, left: 50, right: 10, top: 10, bottom: 40 };
const figure = (value: number | null, low = value, high = value): TeamFigure => ({ value, low, high, n: 40, enough: true, why: null });

function person(id: string, seconds: TeamFigure, agreement: TeamFigure): PersonLine {
  const nothing = figure(null);
  const pace = { n_answers: 1, n_items: 1, n_skipped: 0, n_flagged: 0, n_late: 0, hours: 1, seconds, per_hour: 1, cost: null, cost_per_label: null, cost_per_correct: null };
  return { person_id: id, name: id, simulated: false, expert: false, paused: false, rate: null, pace, skill: { gold: nothing, agreement, itself: nothing } };
}

describe("scatter", () => {
  it("puts equal ratios of seconds at equal distances", () => {
    const { points } = scatter([1, 4, 16].map((s) => person(String(s), figure(s), figure(0.8))), new Set(), BOX);
    const [a, b, c] = points.map((one) => one.x);
    expect((b ?? 0) - (a ?? 0)).toBeCloseTo((c ?? 0) - (b ?? 0));
  });

  it("keeps all bars within the box and agreement upwards", () => {
    const { points, yTicks } = scatter([person("a", figure(2, 1, 3), figure(0.3, 0.2, 0.4)), person("b", figure(9, 8, 12), figure(0.9, 0.85, 1))], new Set(["a"]), BOX);
    for (const one of points) {
      expect(one.left).toBeGreaterThanOrEqual(BOX.left);
      expect(one.right).toBeLessThanOrEqual(BOX.width - BOX.right);
      expect(one.top).toBeGreaterThanOrEqual(BOX.top - 1e-6);
      expect(one.bottom).toBeLessThanOrEqual(BOX.height - BOX.bottom + 1e-6);
      expect(one.top).toBeLessThan(one.bottom);
    }
    expect(points.map((one) => one.alarm)).toEqual([true, false]);
    expect((points[1]?.y ?? 0) < (points[0]?.y ?? 0)).toBe(true);
    expect(yTicks[0]?.text).toBe("1.0");
  });

  it("says how many cannot be placed", () => {
    const found = scatter([person("a", figure(null), figure(0.5)), person("b", figure(2), figure(null)), person("c", figure(2, null, null), figure(0.5))], new Set(), BOX);
    expect(found.missing).toBe(2);
    expect(found.points).toHaveLength(1);
    expect(found.points[0]?.left).toBe(found.points[0]?.x);
    expect(scatter([], new Set(), BOX).points).toEqual([]);
  });
});

describe("names", () => {
  const at = (id: string, x: number, y: number) => ({ id, name: "Somebody", alarm: false, x, y, left: x, right: x, bottom: y, top: y });

  it("never covers a point or another name", () => {
    const points = [at("a", 300, 100), at("b", 310, 104), at("c", 690, 100)];
    const found = names(points, BOX);
    expect(found.find((one) => one.id === "a")?.y).not.toBe(found.find((one) => one.id === "b")?.y);
    expect(found.find((one) => one.id === "c")?.anchor).toBe("end");
    const crowd = Array.from({ length: 30 }, (_, k) => at(String(k), 300 + k, 100 + k));
    expect(names(crowd, BOX).length).toBeLessThan(30);
  });
});

describe("roundUp", () => {
  it("gives ends of an axis", () => {
    expect([0, 0.7, 1, 3.1, 5, 61, 99].map(roundUp)).toEqual([1, 1, 1, 4, 6, 100, 100]);
  });
});
