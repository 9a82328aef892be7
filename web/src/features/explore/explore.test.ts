import { expect, test } from "vitest";
import { MOST_CORNERS, shortened, toArea } from "./area";
import { GONE, NONE, NOWHERE, readColouring, valueOf, withCodes, wordsOf, type Legend } from "./binary";
import { drawnBy, gridOf, inside, nearestTo } from "./geometry";
import { paletteOf, rampAt, rgbOf } from "./palette";
import { START, toExploreSearch, toState } from "./state";
import { moved, toPlace, WHOLE, zoomed } from "./view";

const legend: Legend = { by: "label", kind: "values", entries: [{ name: "cat", n: 1 }, { name: null, n: 2 }], low: null, high: null, n_none: 3 };
const inks = { none: "#808080", good: "#00ff00", bad: "#ff0000" };
const size = { width: 400, height: 200 };

test("a colouring is read from a legend of any length, and codes behind it", () => {
  const head = new TextEncoder().encode(JSON.stringify({ ...legend, by: "é" }));
  const bytes = new Uint8Array(4 + head.length + 3);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  bytes.set([0, NONE, GONE], 4 + head.length);
  const found = readColouring(bytes.buffer);
  expect(found.legend.by).toBe("é");
  expect([...found.codes]).toEqual([0, NONE, GONE]);
  expect(withCodes(found.codes, new Set([NONE]))).toEqual([1]);
});

test("codes have words", () => {
  expect([0, 1, NONE].map((code) => wordsOf(legend, code, "others"))).toEqual(["cat", "others", null]);
  const range: Legend = { ...legend, kind: "range", low: 1, high: 3 };
  expect(valueOf(range, 125)).toBe(2);
  expect(wordsOf(range, NONE, "")).toBeNull();
});

test("points under the pointer are found, unless they are hidden or nowhere", () => {
  const positions = new Uint16Array([0, 0, 32_000, 32_000, 32_100, 32_000, NOWHERE, NOWHERE]);
  const grid = gridOf(positions);
  const all = () => true;
  expect(nearestTo(grid, positions, all, 32_010 / NOWHERE, 32_000 / NOWHERE, 0.01)).toBe(1);
  expect(nearestTo(grid, positions, (k) => k !== 1, 32_010 / NOWHERE, 32_000 / NOWHERE, 0.01)).toBe(2);
  expect(nearestTo(grid, positions, all, 0.9, 0.1, 0.01)).toBeNull();
  expect(nearestTo(grid, positions, all, 1, 1, 0.1)).toBeNull();
});

test("a lasso holds what is inside it and drawn", () => {
  const positions = new Uint16Array([10_000, 10_000, 30_000, 30_000, 60_000, 60_000, NOWHERE, NOWHERE]);
  const corner = [[0, 0], [32_768, 0], [32_768, 32_768], [0, 32_768]] as const;
  expect(inside(corner, positions, () => true)).toEqual([0, 1]);
  expect(inside(corner, positions, drawnBy(new Uint8Array([3, 4, 4, 4]), new Set([3])))).toEqual([1]);
  expect(inside([[0, 0], [1, 1]], positions, () => true)).toEqual([]);
});

test("a line becomes short enough for an address and encloses the same points as before, within a few steps", () => {
  const circle = Array.from({ length: 3000 }, (_, k) => [0.5 + 0.3 * Math.cos(k / 477.5), 0.5 + 0.3 * Math.sin(k / 477.5)] as const);
  const around = shortened(circle);
  expect(around.length).toBeGreaterThan(20);
  expect(around.length).toBeLessThanOrEqual(MOST_CORNERS);
  for (const [x, y] of around) expect(Math.hypot(x / NOWHERE - 0.5, y / NOWHERE - 0.5)).toBeCloseTo(0.3, 3);
  const area = toArea("neighbour", "f".repeat(32), around);
  expect(area.length).toBeLessThan(2000);
  expect(toArea("pca", "0123", [[0, 0], [10, 0], [10, 10]])).toBe("pca~0123~0.0.a.0.0.a");
  expect(shortened([[0, 0], [0, 0], [1, 0], [40, -40]])).toEqual([[0, 0], [NOWHERE, 0], [1_000_000, -1_000_000]]);
});

test("what is under the pointer stays there when the map is zoomed", () => {
  const before = toPlace(WHOLE, size, 90, 50);
  const after = toPlace(zoomed(WHOLE, size, 3, 90, 50), size, 90, 50);
  expect(after[0]).toBeCloseTo(before[0]);
  expect(after[1]).toBeCloseTo(before[1]);
  expect(toPlace(moved(WHOLE, size, 20, 0), size, 110, 50)[0]).toBeCloseTo(before[0]);
});

test("hidden and excluded points have no opacity", () => {
  const palette = paletteOf(legend, new Set([1]), inks);
  expect([0, 1, GONE, NONE].map((code) => (palette[4 * code + 3] ?? 0) > 0)).toEqual([true, false, false, true]);
  expect(rgbOf(" #0a10ff")).toEqual([10, 16, 255]);
  expect(rampAt(0)).toEqual([68, 1, 84]);
});

test("the address holds what differs from the default, and drops what is wrong", () => {
  const state = { ...START, by: "cluster", select: ["i3", "i17"] };
  expect(toState({ ...toExploreSearch(state) })).toEqual(state);
  expect(toExploreSearch(START)).toEqual({});
  expect(toState({ projection: "round", like: "x", select: "i1,<b>,i2", search: 12 })).toEqual({ ...START, select: ["i1", "i2"], search: "12" });
});
