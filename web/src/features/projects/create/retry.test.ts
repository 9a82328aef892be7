import { expect, it } from "vitest";
import type { NewProject, Preview } from "@/api/types";
import { NO_GOAL } from "../goal";
import { addQuestion, changeQuestion, firstOf, fromPreview, toProject, type Form } from "./model";
import { columnsIn, toForm } from "./retry";

const METRICS = [{ name: "accuracy", task: "classification", higher_is_better: true }, { name: "mae", task: "regression", higher_is_better: false }];
const preview: Preview = {
  kind: "text", format: "csv", encoding: "UTF-8", answer: null, all_columns: ["id", "body", "y", "z"], columns: { id: "id", text: "body", label: "y" },
  task: "classification", labels: ["a", "b"], rows: [], n_rows: 3, problems: [], reserve: [], slug: "reviews",
};
const plain: Form = { ...fromPreview(preview, null), title: "Reviews", strategy: "margin", batch: 20, overlap: 2, labelsAre: "random" };
const filled: Form = changeQuestion(
  { ...plain, goal: { metric: "accuracy", value: 0.9, deadline: "2031-05-01", budget: 300, openings: 3, pointValue: null, labelCost: null, prevalence: null } },
  0,
  { text: "Which?", guidelines: "# Rules", positive: "a", open: true },
);

it("fills the form as it was sent", () => {
  expect(toForm(toProject(plain, "u_1", METRICS))).toEqual(plain);
  expect(toForm(toProject(filled, "u_1", METRICS))).toEqual(filled);
});

it("fills several questions, and which of them is the primary one", () => {
  const two = changeQuestion(addQuestion(filled), 1, { text: "How much?", task: "regression", min: 0, max: 5, unit: "mm", column: "z" });
  const form = { ...two, primary: 1, goal: { ...two.goal, metric: "mae" } };
  expect(toForm(toProject(form, "u_1", METRICS))).toEqual(form);
});

it("takes the requests of scripts too", () => {
  const form = toForm({ slug: "s", upload_id: "u_1", task: "regression", goal: "mae=0.5", min: 0 } as NewProject);
  expect(form.goal).toEqual({ ...NO_GOAL, metric: "mae", value: 0.5 });
  expect(firstOf(form)).toMatchObject({ task: "regression", min: 0, max: null, labels: [] });
  expect(form).toMatchObject({ columns: {}, strategy: "auto", batch: 10, overlap: 1, title: "" });
});

it("keeps the columns that another file has, and guesses the others", () => {
  expect(columnsIn({ id: "", text: "body", label: "gone" }, ["body"])).toEqual({ id: "", text: "body" });
  expect(columnsIn({ features: ["a", "b"] }, ["a", "b", "c"])).toEqual({ features: ["a", "b"] });
  expect(columnsIn({ features: ["a", "b"] }, ["a"])).toEqual({});
});
