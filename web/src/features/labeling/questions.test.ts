import { describe, expect, it } from "vitest";
import type { Question } from "@/api/types";
import { afterAnswer, allocate, gridQuestion, missing, obstacle, ordered } from "./questions";

const question = (id: string, more: Partial<Question> = {}): Question => ({
  id, name: id, task: "classification", view: "classification", primary: false, required: true, labels: [], open: false,
  schema_version: 1, guidelines: { version: 1, markdown: "", examples: [] }, metric: "accuracy", model: "auto", ...more,
});
const [finding, severity, remark] = [question("finding", { primary: true }), question("severity"), question("remark", { required: false })];
const all = [finding, severity, remark];
const label = { label: "l_1" };

it("puts the primary question on top and the optional ones last", () => {
  expect(ordered([remark, severity, finding]).map((one) => one.id)).toEqual(["finding", "severity", "remark"]);
  expect(ordered([question("b"), question("a"), finding]).map((one) => one.id)).toEqual(["finding", "b", "a"]);
});

describe("keys", () => {
  const live = (...args: Parameters<typeof allocate>) => allocate(...args).filter((one) => one.live).map((one) => one.question.id);

  it("belong to exactly one question, whatever is answered", () => {
    expect(live(all, {}, null)).toEqual(["finding"]);
    expect(live(all, { finding: label }, null)).toEqual(["severity"]);
    expect(live(all, { finding: label, severity: label, remark: label }, null)).toEqual(["finding"]);
    expect(live(all, { finding: label }, "finding")).toEqual(["finding"]);
    expect(live(all, {}, "is gone")).toEqual(["finding"]);
    expect(live([finding], { finding: label }, null)).toEqual(["finding"]);
  });

  it("name the neighbours of the live question", () => {
    expect(allocate(all, {}, "severity").map((one) => one.jump)).toEqual(["question.previous", null, "question.next"]);
    expect(allocate([finding], {}, null).map((one) => one.jump)).toEqual([null]);
  });
});

it("an answer leads to the next open question, then to what was passed over", () => {
  expect(afterAnswer(all, {}, "finding")?.id).toBe("severity");
  expect(afterAnswer(all, { severity: label }, "finding")?.id).toBe("remark");
  expect(afterAnswer(all, {}, "remark")?.id).toBe("finding");
  expect(afterAnswer(all, { finding: label, severity: label }, "remark")).toBeNull();
});

it("asks for required questions only", () => {
  expect(missing(all, {})?.id).toBe("finding");
  expect(missing(all, { finding: label })?.id).toBe("severity");
  expect(missing(all, { finding: label, severity: label })).toBeNull();
});

it("says what keeps an item from being submitted", () => {
  const size = question("size", { task: "regression", view: "regression", min: 0, max: 10, required: false });
  expect(obstacle([...all, size], { finding: label })?.question.id).toBe("severity");
  expect(obstacle([...all, size], { finding: label, severity: label })).toBeNull();
  expect(obstacle([...all, size], { finding: label, severity: label, size: { value: 11 } })?.question.id).toBe("size");
  expect(obstacle([size], {})?.question.id).toBe("size");
});

it("offers the grid where one answer finishes an item", () => {
  expect(gridQuestion([finding])?.id).toBe("finding");
  expect(gridQuestion([finding, remark])?.id).toBe("finding");
  expect(gridQuestion([finding, severity])).toBeNull();
  expect(gridQuestion([question("n", { task: "regression", view: "regression" })])).toBeNull();
});
