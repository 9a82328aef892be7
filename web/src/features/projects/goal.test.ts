import { expect, test } from "vitest";
import { fromGoal, goalProblem, metricsOf, NO_GOAL, toGoal } from "./goal";

const METRICS = [
  { name: "accuracy", task: "classification", higher_is_better: true },
  { name: "log-loss", task: "classification", higher_is_better: false },
  { name: "mae", task: "regression", higher_is_better: false },
];
const OF_LABELS = metricsOf(METRICS, "classification");
const GOAL = { metric: "log-loss", value: 0.3, higher_is_better: false, deadline: "2026-12-24", days_left: 3, budget: 400, openings: 2, point_value: 30, label_cost: 0.5, prevalence: null };

test("a goal without a number is none, and a deadline alone is asked about", () => {
  expect(toGoal(NO_GOAL, OF_LABELS)).toBeNull();
  expect(goalProblem(NO_GOAL, "2026-12-01")).toBeNull();
  expect(goalProblem({ ...NO_GOAL, deadline: "2026-12-24" }, "2026-12-01")).toMatch("number");
});

test("the metric is the task's default until one is chosen, and after the task has changed", () => {
  expect(toGoal({ ...NO_GOAL, value: 0.9 }, OF_LABELS)?.metric).toBe("accuracy");
  expect(toGoal({ ...NO_GOAL, metric: "mae", value: 0.9 }, OF_LABELS)?.metric).toBe("accuracy");
});

test("what is stored comes back as it was", () => {
  expect(toGoal(fromGoal(GOAL), OF_LABELS)).toEqual({ metric: "log-loss", value: 0.3, deadline: "2026-12-24", budget: 400, openings: 2, point_value: 30, label_cost: 0.5, prevalence: null });
  expect(fromGoal(null)).toEqual(NO_GOAL);
});

test("a deadline that has passed may stay and may not be set", () => {
  expect(goalProblem(fromGoal(GOAL), "2027-01-01", GOAL)).toBeNull();
  expect(goalProblem({ ...fromGoal(GOAL), deadline: "2026-12-25" }, "2027-01-01", GOAL)).toMatch("today");
  expect(goalProblem({ ...fromGoal(GOAL), budget: 0 }, "2026-12-01")).toMatch("budget");
});
