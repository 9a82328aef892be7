import { expect, test } from "vitest";
import { nearestStep, STEPS } from "./dial";

test("a step is its own nearest, and numbers between go to the nearer one by ratio", () => {
  expect(STEPS.map(nearestStep)).toEqual([0, 1, 2, 3, 4]);
  expect(nearestStep(5)).toBe(1);
  expect(nearestStep(7)).toBe(2);
  expect(nearestStep(1e6)).toBe(4);
});
