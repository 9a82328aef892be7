import { expect, it } from "vitest";
import type { Columns, Preview } from "@/api/types";
import { assign, fromPreview, obstacle, roleOf, strategyChoices, toProject, toSlug } from "./model";

const columns: Columns = { id: "id", text: "body", label: "y" };
const preview: Preview = {
  kind: "text", format: "csv", all_columns: ["id", "body", "y"], columns, task: "classification", labels: ["a", "b"],
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

it("names what is in the way", () => {
  const form = fromPreview(preview, null);
  expect(obstacle(form, preview)).toBeNull();
  expect(obstacle({ ...form, labels: ["a"] }, preview)).toBe("labels");
  expect(obstacle({ ...form, labels: [], open: true }, preview)).toBeNull();
  expect(obstacle({ ...form, slug: "No!" }, preview)).toBe("slug");
  const bad = { ...preview, problems: [{ code: "x", message: "m", hint: "", row: 3, column: "y", severe: true }] };
  expect(obstacle(form, bad)).toBe("problems");
});

it("keeps what was typed when the columns are guessed anew", () => {
  const form = { ...fromPreview(preview, null), labels: ["a", "b", "c"], question: "Which?" };
  expect(fromPreview(preview, form)).toMatchObject({ labels: ["a", "b", "c"], question: "Which?" });
  expect(fromPreview({ ...preview, columns: { ...columns, label: "other" }, labels: ["x"] }, form).labels).toEqual(["x"]);
});

it("offers the strategies that serve the task, by family", () => {
  const known = [
    { name: "auto", family: "hybrid", tasks: ["classification", "regression"], idea: "" },
    { name: "margin", family: "uncertainty", tasks: ["classification"], idea: "" },
    { name: "greedy-x", family: "regression", tasks: ["regression"], idea: "" },
  ];
  const form = { task: "regression" as const, strategy: "auto" };
  expect(strategyChoices(known, form)).toEqual([{ group: "hybrid", items: ["auto"] }, { group: "regression", items: ["greedy-x"] }]);
  expect(strategyChoices([], form)).toEqual(["auto"]);
});

it("sends what the server knows", () => {
  const form = fromPreview(preview, null);
  expect(toProject({ ...form, goal: " accuracy=0.9 " }, "u1")).toMatchObject({ upload_id: "u1", goal: "accuracy=0.9", labels: ["a", "b"], labels_are: "training" });
  expect(toProject({ ...form, task: "regression" }, "u1").labels).toBeNull();
  expect(toSlug("  Ärzte & Briefe 2026 ")).toBe("arzte-briefe-2026");
});
