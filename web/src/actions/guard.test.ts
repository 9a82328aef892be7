import { expect, it } from "vitest";
import { GUARD_MS, isTooSoon } from "./guard";

it("takes nothing before the item is on the screen, nor within 150 ms after that", () => {
  expect(GUARD_MS).toBe(150);
  expect(isTooSoon(null, 5000)).toBe(true);
  expect(isTooSoon(1000, 1149)).toBe(true);
  expect(isTooSoon(1000, 1150)).toBe(false);
});
