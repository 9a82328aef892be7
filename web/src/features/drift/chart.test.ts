import { describe, expect, it } from "vitest";
import { EDGE, ends, placeOf, scales, stride } from "./chart";

describe("the chart over windows", () => {
  it("spans all windows and values between its edges", () => {
    const { across, up } = scales(8, 0, 1, { width: 500, height: 240 });
    expect([across(0), across(8)]).toEqual([EDGE.left, 500 - EDGE.right]);
    expect([up(0), up(1)]).toEqual([240 - EDGE.bottom, EDGE.top]);
  });

  it("begins at 0 unless something lies below", () => {
    const mark = (low: number) => ({ x: 0, value: 0.5, low, high: 0.8, text: "" });
    expect(ends([{ name: "", color: "", marks: [mark(0.2)] }], [])[0]).toBe(0);
    expect(ends([{ name: "", color: "", marks: [mark(-0.2)] }], [])[0]).toBeLessThan(-0.2);
    expect(ends([], [])).toEqual([0, 1]);
  });

  it("finds a day among windows, and leaves out names that do not fit", () => {
    const days = ["2026-01-01", "2026-02-01", "2026-03-01"];
    expect([placeOf(days, "2026-02-10"), placeOf(days, "2026-03-01"), placeOf(days, "2025-12-31")]).toEqual([1.5, 2.5, null]);
    expect([stride(8, 900), stride(8, 360)]).toEqual([1, 3]);
  });
});
