/** The create form as data. Pure. */
import type { Columns, NewProject, Preview, Strategy } from "@/api/types";

export const SINGLE_ROLES = ["id", "text", "image", "label", "group", "time", "domain", "cost"] as const;
export type SingleRole = (typeof SINGLE_ROLES)[number];
export type Role = SingleRole | "features" | "none";

export interface Form {
  /** What the person has said about columns; what is missing is guessed, "" means no column. */
  columns: Columns;
  task: NewProject["task"];
  labels: string[];
  open: boolean;
  labelsAre: NewProject["labels_are"];
  question: string;
  guidelines: string;
  goal: string;
  slug: string;
  title: string;
  strategy: string;
  batch: number;
  overlap: number;
  positive: string | null;
  /** Regression: the range of answers, where there is one. */
  min: number | null;
  max: number | null;
  unit: string;
}

export function roleOf(column: string, columns: Columns): Role {
  for (const role of SINGLE_ROLES) if (columns[role] === column) return role;
  return columns.features?.includes(column) ? "features" : "none";
}

/** Give a column a role. A single role moves from the column that had it; all that was guessed is then said. */
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

export function fromPreview(preview: Preview, before: Form | null): Form {
  return {
    columns: preview.columns,
    task: preview.task,
    labels: before && before.labels.length > 0 && before.columns.label === preview.columns.label ? before.labels : preview.labels,
    open: before?.open ?? false,
    labelsAre: before?.labelsAre ?? "training",
    question: before?.question ?? "",
    guidelines: before?.guidelines ?? "",
    goal: before?.goal ?? "",
    slug: before?.slug ?? preview.slug,
    title: before?.title ?? "",
    strategy: before?.strategy ?? "auto",
    batch: before?.batch ?? 10,
    overlap: before?.overlap ?? 1,
    positive: before?.positive ?? null,
    min: before?.min ?? null,
    max: before?.max ?? null,
    unit: before?.unit ?? "",
  };
}

/** Strategies that serve the task, in groups; what is chosen stays in the list while the list is on its way. */
export function strategyChoices(known: readonly Strategy[], form: Pick<Form, "task" | "strategy">) {
  const fitting = known.filter((strategy) => strategy.tasks.includes(form.task));
  if (fitting.length === 0) return [form.strategy];
  const families = [...new Set(fitting.map((strategy) => strategy.family))];
  return families.map((group) => ({ group, items: fitting.filter((strategy) => strategy.family === group).map((strategy) => strategy.name) }));
}

export type Obstacle = "problems" | "labels" | "slug" | null;

/** Why the project cannot be made yet. */
export function obstacle(form: Form, preview: Preview): Obstacle {
  if (preview.problems.some((problem) => problem.severe)) return "problems";
  if (form.task !== "regression" && !form.open && form.labels.length < (form.task === "multilabel" ? 1 : 2)) return "labels";
  return /^[a-z0-9-]{1,64}$/.test(form.slug) ? null : "slug";
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

export function toProject(form: Form, upload: string): NewProject {
  const regression = form.task === "regression";
  return {
    slug: form.slug,
    title: form.title.trim(),
    upload_id: upload,
    task: form.task,
    columns: form.columns,
    labels: regression || form.labels.length === 0 ? null : form.labels,
    open_labels: !regression && form.open,
    labels_are: form.columns.label ? form.labelsAre : "training",
    question: form.question.trim(),
    guidelines: form.guidelines,
    goal: form.goal.trim() || null,
    positive: form.positive,
    min: regression ? form.min : null,
    max: regression ? form.max : null,
    unit: regression ? form.unit.trim() || null : null,
    overlap: form.overlap,
    strategy: form.strategy,
    batch_size: form.batch,
  };
}
