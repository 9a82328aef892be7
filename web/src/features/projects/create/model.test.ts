import { describe, expect, it } from "vitest";
import type { Columns, Preview } from "@/api/types";
import { addQuestion, assign, changeQuestion, decide, firstOf, fromPreview, problemsOf, removeQuestion, roleOf, strategyChoices, toProject, toSlug, type Form } from "./model";
import { NO_GOAL } from "../goal";
import type { QuestionForm } from "./questions";

const METRICS = [{ name: "accuracy", task: "classification", higher_is_better: true }];

const columns: Columns = { id: "id", text: "body", label: "y" };
const preview: Preview = {
  kind: "text", format: "csv", encoding: "UTF-8", answer: null, all_columns: ["id", "body", "y"], columns, task: "classification", labels: ["a", "b"],
  rows: [], n_rows: 3, problems: [], reserve: [], slug: "reviews",
};

it("moves a role from one column to another and says what is left without one", () => {
  expect(assign(columns, "id", "text")).toMatchObject({ id: "", text: "id", label: "y" });
  expect(assign(columns, "y", "none")).toMatchObject({ label: "", text: "body" });
  expect(roleOf("body", columns)).toBe("text");
  expect(roleOf("other", columns)).toBe("none");
});

it("turns rows into table rows when a feature is chosen, and back", () => {
  const table = assign(columns, "body", "features");
  expect(table).toMatchObject({ features: ["body"], text: "" });
  expect(assign(table, "body", "text")).toMatchObject({ features: [], text: "body" });
});

it("remembers what was said of a column that looks like the answer", () => {
  const table: Columns = { id: "id", features: ["age", "plan"], label: null };
  expect(decide(table, "churn", "label")).toMatchObject({ label: "churn", features: ["age", "plan"] });
  expect(decide(table, "churn", "features")).toMatchObject({ label: "", features: ["age", "plan", "churn"] });
  expect(decide(table, "churn", "none")).toMatchObject({ label: "", features: ["age", "plan"] });
});

const first = (form: Form, part: Partial<QuestionForm>) => changeQuestion(form, firstOf(form).key, part);

it("says what the server would refuse, beside the field", () => {
  const form = fromPreview(preview, null);
  expect(problemsOf(form, preview)).toEqual({ first: null, slug: null, goal: null, questions: { 0: {} } });
  expect(problemsOf(first(form, { labels: ["a"] }), preview).questions[0]?.labels).toMatch("two labels");
  expect(problemsOf(first(form, { labels: ["a", "a "] }), preview).questions[0]?.labels).toMatch("twice");
  expect(problemsOf(first(form, { labels: ["a"], task: "multilabel" }), preview).first).toBeNull();
  expect(problemsOf(first(form, { labels: [], open: true }), preview).first).toBeNull();
  expect(problemsOf(first(form, { task: "regression", min: 5, max: 5 }), preview).questions[0]?.range).toMatch("smaller");
  expect(problemsOf({ ...form, slug: "No!" }, preview).slug).toMatch("a to z");
  expect(problemsOf({ ...form, goal: { ...NO_GOAL, budget: 300 } }, preview).goal).toMatch("number");
  expect(problemsOf({ ...form, goal: { ...NO_GOAL, value: 0.5 } }, preview).goal).toBeNull();
  const bad = { ...preview, problems: [{ code: "x", message: "m", hint: "", row: 3, column: "y", severe: true }] };
  expect(problemsOf(form, bad).first).toMatch("problems");
  const asking = { ...preview, answer: "churn", problems: [{ code: "looks-like-answer", message: "m", hint: "", row: null, column: "churn", severe: true }] };
  expect(problemsOf(form, asking).first).toMatch("what the column “churn” is");
});

it("keeps what was typed when the columns are guessed anew", () => {
  const form = addQuestion(first(fromPreview(preview, null), { labels: ["a", "b", "c"], text: "Which?" }));
  expect(fromPreview(preview, form).questions).toMatchObject([{ labels: ["a", "b", "c"], text: "Which?" }, { text: "" }]);
  expect(firstOf(fromPreview({ ...preview, columns: { ...columns, label: "other" }, labels: ["x"] }, form)).labels).toEqual(["x"]);
});

describe("several questions", () => {
  const form = addQuestion(first(fromPreview(preview, null), { text: "Finding?" }));
  const second = form.questions[1];
  if (!second) throw new Error("no second question");
  const full = changeQuestion(form, second.key, { text: "Size?", task: "regression", min: 0, unit: " mm ", column: "size", required: false });

  it("need texts that tell them apart, labels of their own, and one column each", () => {
    expect(Object.keys(problemsOf(form, preview).questions[second.key] ?? {})).toEqual(["text", "labels"]);
    expect(problemsOf(changeQuestion(full, second.key, { text: "finding? " }), preview).questions[second.key]?.text).toMatch("same");
    expect(problemsOf(changeQuestion(full, second.key, { column: "y" }), preview).questions[second.key]?.column).toMatch("column");
    expect(problemsOf(full, preview).first).toBeNull();
  });

  it("are sent as a list, the primary one always required", () => {
    const sent = toProject(full, "u1", METRICS);
    expect(sent.task).toBeUndefined();
    expect(sent.questions).toMatchObject([
      { text: "Finding?", labels: ["a", "b"], column: "y", primary: true, required: true },
      { text: "Size?", labels: null, column: "size", primary: false, required: false, min: 0, unit: "mm" },
    ]);
    expect(toProject({ ...full, primary: second.key }, "u1", METRICS).questions).toMatchObject([{ primary: false }, { primary: true, required: true }]);
  });

  it("can be removed, all but the first", () => {
    const removed = removeQuestion({ ...full, primary: second.key }, second.key);
    expect([removed.questions.length, removed.primary]).toEqual([1, firstOf(full).key]);
    expect(removeQuestion(removed, firstOf(removed).key).questions).toHaveLength(1);
  });
});

it("offers the strategies that serve the task, by family", () => {
  const known = [
    { name: "auto", family: "hybrid", tasks: ["classification", "regression"], idea: "" },
    { name: "margin", family: "uncertainty", tasks: ["classification"], idea: "" },
    { name: "greedy-x", family: "regression", tasks: ["regression"], idea: "" },
  ];
  expect(strategyChoices(known, "regression", "auto")).toEqual([{ group: "hybrid", items: ["auto"] }, { group: "regression", items: ["greedy-x"] }]);
  expect(strategyChoices([], "regression", "auto")).toEqual(["auto"]);
});

it("sends what the server knows", () => {
  const form = fromPreview(preview, null);
  expect(toProject({ ...form, goal: { ...NO_GOAL, value: 0.9 } }, "u1", METRICS)).toMatchObject({ upload_id: "u1", goal: { metric: "accuracy", value: 0.9 }, labels: ["a", "b"], labels_are: "training" });
  expect(toProject(form, "u1", METRICS).questions).toBeUndefined();
  expect(toProject(first(form, { task: "regression" }), "u1", METRICS).labels).toBeNull();
  expect(toSlug("  Ärzte & Briefe 2026 ")).toBe("arzte-briefe-2026");
});
