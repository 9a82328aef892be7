import { describe, expect, it } from "vitest";
import { haste, noted } from "./haste";

const usual = Array.from({ length: 20 }, (_, k) => 5.8 + (k % 3) * 0.2);

describe("haste", () => {
  it("says so when the latest answers are much faster than the person's own", () => {
    expect(haste([...usual, 1.2, 1.1, 1.4])).toEqual({ now: 1.2, usual: 6 });
  });

  it("is silent about one easy item, a fast person, and before there is an own pace", () => {
    expect(haste([...usual, 1.2, 6, 5.9])).toBeNull();
    expect(haste(Array.from({ length: 40 }, () => 0.9))).toBeNull();
    expect(haste([6, 6, 6, 1, 1, 1])).toBeNull();
  });

  it("keeps a pace for each project, and no more than it needs", () => {
    for (let k = 0; k < 300; k++) noted("a", k);
    expect(noted("a", 1)).toHaveLength(200);
    expect(noted("b", 1)).toEqual([1]);
  });
});
