/** A goal as a form holds it. Pure. */
import type { Goal, Metric, NewGoal } from "@/api/types";
import { s } from "@/ui/strings";

/** The metric of a project that looks for all items of a label. */
export const SEARCH = "recall";

export interface GoalForm {
  /** Null: the task's default. */
  metric: string | null;
  value: number | null;
  /** YYYY-MM-DD, or empty. */
  deadline: string;
  budget: number | null;
  openings: number;
  pointValue: number | null;
  labelCost: number | null;
  /** Of a search, the share that is expected to be relevant. */
  prevalence: number | null;
}

export const NO_GOAL: GoalForm = { metric: null, value: null, deadline: "", budget: null, openings: 3, pointValue: null, labelCost: null, prevalence: null };

/** The metrics of a task, the default first. */
export function metricsOf(metrics: readonly Metric[], task: string): Metric[] {
  return metrics.filter((metric) => metric.task === task);
}

/** What the server would refuse; `today` as YYYY-MM-DD. */
export function goalProblem(form: GoalForm, today: string, before: Goal | null = null): string | null {
  if (form.value === null) return form.deadline !== "" || form.budget !== null ? s.goal.needValue : null;
  if (form.budget !== null && !(Number.isInteger(form.budget) && form.budget > 0)) return s.goal.wrongBudget;
  if (form.deadline !== "" && form.deadline !== before?.deadline && form.deadline < today) return s.goal.past;
  return null;
}

export function fromGoal(goal: Goal | null): GoalForm {
  if (!goal) return NO_GOAL;
  return { metric: goal.metric, value: goal.value, deadline: goal.deadline ?? "", budget: goal.budget, openings: goal.openings, pointValue: goal.point_value, labelCost: goal.label_cost, prevalence: goal.prevalence };
}

/** What is sent; null where no number is aimed at. */
export function toGoal(form: GoalForm, metrics: readonly Metric[]): NewGoal | null {
  const metric = metrics.some((one) => one.name === form.metric) ? form.metric : metrics[0]?.name;
  if (form.value === null || !metric) return null;
  return { metric, value: form.value, deadline: form.deadline || null, budget: form.budget, openings: form.openings, point_value: form.pointValue, label_cost: form.labelCost, prevalence: form.prevalence };
}
