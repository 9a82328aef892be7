/** The choices of an import that failed, back in the form. Pure. */
import type { Columns, NewProject, NewQuestion, Plan } from "@/api/types";
import { NO_GOAL, type GoalForm } from "../goal";
import { ofRequest } from "./startFrom";
import { SINGLE_ROLES, type Form } from "./model";
import type { QuestionForm } from "./questions";

/** The form that a request came from; what a request of another client leaves out is the default. */
export function toForm(body: NewProject): Form {
  const questions = (body.questions?.length ? body.questions : [single(body)]).map(toQuestionForm);
  const primary = Math.max(0, body.questions?.findIndex((question) => question.primary) ?? 0);
  return {
    columns: body.columns ?? {},
    questions,
    primary,
    labelsAre: body.labels_are ?? "training",
    goal: toGoalForm(body.goal),
    slug: body.slug,
    title: body.title ?? "",
    strategy: body.strategy ?? "auto",
    model: body.model ?? body.questions?.[primary]?.model ?? null,
    batch: body.batch_size ?? 10,
    overlap: body.overlap ?? 1,
    encoders: (body.encoders ?? []).join(", "),
    startFrom: ofRequest(body.start_from),
  };
}

/** What a plan proposes under the first error of the annotators, as a request. */
export function fromPlan(plan: Plan): NewProject {
  const { setup } = plan.proposals[0] ?? { setup: plan.baseline };
  const goal = plan.target === null ? null : `${plan.metric}=${Number(plan.target.toFixed(3))}`;
  const columns = Object.fromEntries(Object.entries(plan.columns).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))) as Columns;
  return { slug: "", title: "", upload_id: plan.upload_id ?? "", columns, task: plan.task, labels: plan.labels, goal, ...setup } as NewProject;
}

/** The columns that another file has too; what it lacks is guessed. */
export function columnsIn(columns: Columns, known: readonly string[]): Columns {
  const kept: Columns = {};
  for (const role of SINGLE_ROLES) {
    const column = columns[role];
    if (column === "" || (column && known.includes(column))) kept[role] = column;
  }
  const features = columns.features?.filter((column) => known.includes(column));
  if (features && features.length === columns.features?.length) kept.features = features;
  return kept;
}

function single(body: NewProject): NewQuestion {
  const { labels, open_labels, guidelines, positive, min, max, unit } = body;
  return { text: body.question, task: body.task ?? "classification", labels, open_labels, guidelines, positive, min, max, unit, required: true, primary: true };
}

/** The labels of the first question are a role of the columns. */
function toQuestionForm(question: NewQuestion, key: number): QuestionForm {
  return {
    key,
    text: question.text ?? "",
    task: question.task,
    labels: question.labels ?? [],
    open: question.open_labels ?? false,
    column: key === 0 ? null : (question.column ?? null),
    required: question.required ?? true,
    guidelines: question.guidelines ?? "",
    positive: question.positive ?? null,
    min: question.min ?? null,
    max: question.max ?? null,
    unit: question.unit ?? "",
  };
}

/** Scripts may write a goal as METRIC=VALUE. */
function toGoalForm(goal: NewProject["goal"]): GoalForm {
  if (!goal) return NO_GOAL;
  if (typeof goal !== "string") {
    return { metric: goal.metric, value: goal.value, deadline: goal.deadline ?? "", budget: goal.budget ?? null, openings: goal.openings, pointValue: goal.point_value ?? null, labelCost: goal.label_cost ?? null, prevalence: goal.prevalence ?? null };
  }
  const [metric = "", value = ""] = goal.split("=");
  return { ...NO_GOAL, metric, value: Number(value) };
}
