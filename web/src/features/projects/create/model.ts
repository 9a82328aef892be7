/** The create form as data. Pure. */
import type { Columns, Metric, NewProject, Preview, SetUp, Strategy } from "@/api/types";
import { day } from "@/ui/format";
import { s } from "@/ui/strings";
import { goalProblem, metricsOf, NO_GOAL, SEARCH, toGoal, type GoalForm } from "../goal";
import { NOTHING, starts, toStartFrom, type StartFrom } from "./startFrom";
import { newQuestion, questionProblems, toQuestion, type QuestionForm, type QuestionProblems, type TaskName } from "./questions";

export const SINGLE_ROLES = ["id", "text", "image", "label", "group", "time", "domain", "cost", "licence", "consent", "embedding"] as const;
export type SingleRole = (typeof SINGLE_ROLES)[number];
export type Role = SingleRole | "features" | "none";

/** The problem about `preview.answer`, which the page asks about in a box of its own. */
export const ASKS_ANSWER = "looks-like-answer";

export interface Form {
  /** What the person has chosen for the columns; what is missing is guessed, "" means no column. */
  columns: Columns;
  /** At least one; the preview guesses the first. */
  questions: QuestionForm[];
  /** The key of the question that items are chosen for. */
  primary: number;
  labelsAre: NewProject["labels_are"];
  goal: GoalForm;
  slug: string;
  title: string;
  strategy: string;
  /** Of the primary question; null for what suits the items. */
  model: string | null;
  batch: number;
  overlap: number;
  /** Specs between commas; "" for what suits the items. */
  encoders: string;
  startFrom: StartFrom;
}

/** The form with the set-up of a plan or of another project. */
export function withSetUp(form: Form, { strategy, model, batch_size, overlap }: SetUp): Form {
  return { ...form, strategy, model, batch: batch_size, overlap };
}

export function primaryOf(form: Form): QuestionForm {
  return form.questions.find((question) => question.key === form.primary) ?? firstOf(form);
}

/** The question whose labels the columns and the preview are about. */
export function firstOf(form: Form): QuestionForm {
  return form.questions[0] ?? newQuestion(0);
}

export function changeQuestion(form: Form, key: number, part: Partial<QuestionForm>): Form {
  return { ...form, questions: form.questions.map((question) => (question.key === key ? { ...question, ...part } : question)) };
}

export function addQuestion(form: Form): Form {
  const key = Math.max(...form.questions.map((question) => question.key)) + 1;
  return { ...form, questions: [...form.questions, newQuestion(key)] };
}

/** The first question stays: the file is read for it. */
export function removeQuestion(form: Form, key: number): Form {
  const questions = form.questions.filter((question, i) => i === 0 || question.key !== key);
  const primary = questions.some((question) => question.key === form.primary) ? form.primary : firstOf(form).key;
  return { ...form, questions, primary };
}

export function roleOf(column: string, columns: Columns): Role {
  for (const role of SINGLE_ROLES) if (columns[role] === column) return role;
  return columns.features?.includes(column) ? "features" : "none";
}

/** Give a column a role. A single role moves from the column that had it; everything that was guessed is then sent as chosen. */
export function assign(columns: Columns, column: string, role: Role): Columns {
  const next: Columns = { ...columns };
  for (const one of SINGLE_ROLES) if (next[one] === column) next[one] = "";
  const features = (next.features ?? []).filter((one) => one !== column);
  if (role === "features") next.features = [...features, column];
  else if (features.length > 0 || next.features) next.features = features;
  if (role !== "features" && role !== "none") next[role] = column;
  // A row shows a text, an image or its features: choosing one of them says what the items are.
  if (role === "text" || role === "image") {
    next.features = [];
    if (role === "text") next.image = "";
    else next.text = "";
  }
  if (role === "features") next.text = next.image = "";
  return next;
}

/** Say what a column is that looks like the answer; with any role but that of the labels, the table has no labels. */
export function decide(columns: Columns, answer: string, role: Role): Columns {
  const next = assign(columns, answer, role);
  return role === "label" ? next : { ...next, label: "" };
}

export function fromPreview(preview: Preview, before: Form | null): Form {
  const first = before ? firstOf(before) : newQuestion(0);
  const keepLabels = before !== null && first.labels.length > 0 && before.columns.label === preview.columns.label;
  const guessed = { ...first, task: preview.task, labels: keepLabels ? first.labels : preview.labels };
  return {
    columns: preview.columns,
    questions: [guessed, ...(before?.questions.slice(1) ?? [])],
    primary: before?.primary ?? guessed.key,
    labelsAre: before?.labelsAre ?? "training",
    goal: before?.goal ?? NO_GOAL,
    slug: before?.slug ? before.slug : preview.slug, // a plan proposes no name
    title: before?.title ?? "",
    strategy: before?.strategy ?? "auto",
    model: before?.model ?? null,
    batch: before?.batch ?? 10,
    overlap: before?.overlap ?? 1,
    encoders: before?.encoders ?? "",
    startFrom: before?.startFrom ?? NOTHING,
  };
}

/** Strategies that serve the task, in groups; what is chosen stays in the list while the list is on its way. */
export function strategyChoices(known: readonly Strategy[], task: TaskName, chosen: string) {
  const fitting = known.filter((strategy) => strategy.tasks.includes(task));
  if (fitting.length === 0) return [chosen];
  const families = [...new Set(fitting.map((strategy) => strategy.family))];
  return families.map((group) => ({ group, items: fitting.filter((strategy) => strategy.family === group).map((strategy) => strategy.name) }));
}

export interface Problems {
  /** Why the project cannot be made yet, the first reason; null where nothing is in the way. */
  first: string | null;
  slug: string | null;
  goal: string | null;
  /** By the key of the question. */
  questions: Record<number, QuestionProblems>;
}

/** Whether labels of another domain can be taken: they are classes, of one question. */
export function mayStartFrom(form: Form): boolean {
  return primaryOf(form).task === "classification";
}

/** What the server would refuse, each reason beside its field. */
export function problemsOf(form: Form, preview: Preview): Problems {
  const labelColumn = form.columns.label || null;
  const questions = Object.fromEntries(form.questions.map((question) => [question.key, questionProblems(question, form.questions, labelColumn, bringsLabels(form, question))]));
  const slug = /^[a-z0-9-]{1,64}$/.test(form.slug) ? null : s.create.wrongSlug;
  const goal = goalProblem(form.goal, day()) ?? (form.goal.metric === SEARCH && form.goal.value !== null && !primaryOf(form).positive ? s.goal.needPositive : null);
  const severe = preview.problems.some((problem) => problem.severe && problem.code !== ASKS_ANSWER) ? s.create.needProblems : null;
  const answer = preview.answer ? s.create.needAnswer(preview.answer) : null;
  const asked = form.questions.flatMap((question, i) => {
    const sentences = Object.values(questions[question.key] ?? {});
    return form.questions.length === 1 ? sentences : sentences.map((sentence) => `${s.create.questionNumber(i + 1)}: ${sentence}`);
  });
  const reasons = [severe, answer, ...asked, slug, goal];
  return { first: reasons.find((reason) => reason !== null) ?? null, slug, goal, questions };
}

export function toSlug(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64);
}

/** Whether the classes of a question come from the labels that the project starts from. */
function bringsLabels(form: Form, question: QuestionForm): boolean {
  return question.key === primaryOf(form).key && question.labels.length === 0 && mayStartFrom(form) && starts(form.startFrom);
}

/** The encoders of a list with commas; null for none. */
export function specsOf(text: string): string[] | null {
  const specs = text.split(",").map((part) => part.trim()).filter(Boolean);
  return specs.length > 0 ? specs : null;
}

/** One question goes in the flat form that scripts know, several as a list. */
export function toProject(form: Form, upload: string, metrics: readonly Metric[]): NewProject {
  const common = {
    slug: form.slug,
    title: form.title.trim(),
    upload_id: upload,
    columns: form.columns,
    goal: toGoal(form.goal, metricsOf(metrics, primaryOf(form).task)),
    overlap: form.overlap,
    strategy: form.strategy,
    batch_size: form.batch,
    seed: 0,
    encoders: specsOf(form.encoders),
    start_from: mayStartFrom(form) ? toStartFrom(form.startFrom) : null,
  };
  if (form.questions.length > 1) {
    const questions = form.questions.map((question, i) => {
      const primary = question.key === primaryOf(form).key;
      const asked = toQuestion(i === 0 ? { ...question, column: form.columns.label || null } : question, primary);
      return primary ? { ...asked, model: form.model } : asked;
    });
    const labeled = questions.some((question) => question.column !== null);
    return { ...common, questions, labels_are: labeled ? form.labelsAre : "training", question: "", guidelines: "", open_labels: false };
  }
  const { task, labels, open_labels, text, guidelines, positive, min, max, unit } = toQuestion(firstOf(form), true);
  return { ...common, model: form.model, task, labels, open_labels, question: text, guidelines, positive, min, max, unit, labels_are: form.columns.label ? form.labelsAre : "training" };
}
