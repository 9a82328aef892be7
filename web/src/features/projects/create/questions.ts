/** The questions of a new project as data: what is typed, what is wrong with it, what is sent. Pure. */
import type { NewQuestion } from "@/api/types";
import { s } from "@/ui/strings";

export type TaskName = NewQuestion["task"];

export interface QuestionForm {
  /** Tells the forms apart while they are edited; it is not sent. */
  key: number;
  text: string;
  task: TaskName;
  labels: string[];
  open: boolean;
  /** The column that holds labels of a further question; that of the first is a role of the columns. */
  column: string | null;
  required: boolean;
  guidelines: string;
  positive: string | null;
  /** Regression: the range of answers, where there is one. */
  min: number | null;
  max: number | null;
  unit: string;
}

export const LONGEST_TEXT = 200;
const LONGEST_GUIDELINES = 200_000;

export function newQuestion(key: number, task: TaskName = "classification"): QuestionForm {
  return { key, text: "", task, labels: [], open: false, column: null, required: true, guidelines: "", positive: null, min: null, max: null, unit: "" };
}

export type QuestionField = "text" | "labels" | "range" | "column" | "guidelines";
export type QuestionProblems = Partial<Record<QuestionField, string>>;

/** What the server would refuse about one question, beside the field that is to blame. */
export function questionProblems(question: QuestionForm, all: readonly QuestionForm[], labelColumn: string | null, bringsLabels = false): QuestionProblems {
  const problems: QuestionProblems = {};
  const say = (field: QuestionField, wrong: boolean, sentence: string) => {
    if (wrong) problems[field] ??= sentence;
  };
  const { create: text } = s;
  const others = all.filter((one) => one.key !== question.key);
  const name = question.text.trim().toLowerCase();
  say("text", others.length > 0 && name === "", text.needText);
  say("text", name !== "" && others.some((one) => one.text.trim().toLowerCase() === name), text.sameText);
  if (question.task === "regression") {
    say("range", question.min !== null && question.max !== null && question.min >= question.max, text.wrongRange);
  } else {
    const least = question.task === "multilabel" ? 1 : 2;
    say("labels", !question.open && !bringsLabels && question.labels.length < least, least === 1 ? text.needLabel : text.needLabels);
    const names = question.labels.map((label) => label.trim());
    const twice = names.find((label, i) => names.indexOf(label) !== i);
    say("labels", twice !== undefined, text.sameLabel(twice ?? ""));
    const long = names.find((label) => label.length > LONGEST_TEXT);
    say("labels", long !== undefined, text.longLabel(LONGEST_TEXT));
  }
  const used = question.column !== null && (question.column === labelColumn || others.some((one) => one.column === question.column));
  say("column", used, text.sameColumn);
  say("guidelines", question.guidelines.length > LONGEST_GUIDELINES, text.longGuidelines);
  return problems;
}

/** The question as the server takes it. */
export function toQuestion(question: QuestionForm, primary: boolean): NewQuestion {
  const regression = question.task === "regression";
  const positive = question.positive !== null && question.labels.includes(question.positive) ? question.positive : null;
  return {
    text: question.text.trim(),
    task: question.task,
    labels: regression || question.labels.length === 0 ? null : question.labels,
    open_labels: !regression && question.open,
    column: question.column,
    required: primary || question.required,
    primary,
    guidelines: question.guidelines,
    positive: question.task === "classification" ? positive : null,
    min: regression ? question.min : null,
    max: regression ? question.max : null,
    unit: regression ? question.unit.trim() || null : null,
  };
}
