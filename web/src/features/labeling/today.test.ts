import { expect, it } from "vitest";
import { counted, dayOf, moved, shownOf, type Tally } from "./today";

const MON = "2026-11-23";
const tally = (now: number, most = now): Tally => ({ day: MON, now, most });

it("starts with what the server has counted and what is still to be sent", () => {
  expect(counted(null, MON, 10, 3)).toEqual(tally(13));
});

it("does not fall when the server counts without what is unsent, also after a reload", () => {
  expect(counted(tally(13), MON, 10, 3)).toEqual(tally(13));
  expect(counted(tally(13), MON, 15, 0)).toEqual(tally(15));
});

it("counts an item that is undone and answered again once, and never goes back", () => {
  const undone = moved(tally(5), MON, -1);
  expect(shownOf(undone, MON)).toBe(5);
  expect(shownOf(moved(undone, MON, 1), MON)).toBe(5);
  expect(shownOf(moved(moved(undone, MON, 1), MON, 1), MON)).toBe(6);
});

it("begins anew at midnight, whatever was counted before", () => {
  expect(shownOf(tally(30), "2026-11-24")).toBe(0);
  expect(moved(tally(30), "2026-11-24", 1)).toEqual({ day: "2026-11-24", now: 1, most: 1 });
  expect(counted(tally(30), "2026-11-24", 2, 0)).toEqual({ day: "2026-11-24", now: 2, most: 2 });
});

it("takes the day from the person's own clock", () => {
  expect(dayOf(new Date(2026, 10, 3, 23, 59))).toBe("2026-11-3");
});
