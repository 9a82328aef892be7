import { expect, it } from "vitest";
import { ActiveClock } from "./clock";

it("counts the time between doings", () => {
  const clock = new ActiveClock(0);
  clock.touch(2000);
  expect(clock.seconds(5000)).toBe(5);
});

it("cuts idle time after a minute", () => {
  const clock = new ActiveClock(0);
  expect(clock.seconds(3_600_000)).toBe(60);
});

it("stops while the tab is hidden", () => {
  const clock = new ActiveClock(0);
  clock.hide(4000);
  clock.touch(20_000);
  clock.show(50_000);
  expect(clock.seconds(51_000)).toBe(5);
});
