import { expect, it } from "vitest";
import type { Question } from "@/api/types";
import { chosen, digitOf, search } from "./choice";
import { forget, remember } from "./recent";
import { task as classification } from "./classification/logic";
import { task as multilabel } from "./multilabel/logic";
import { task as regression } from "./regression/logic";

const question = (names: string[], more: Partial<Question> = {}): Question => ({
  id: "q",
  name: "?",
  task: "classification",
  view: "classification",
  labels: names.map((name, i) => ({ id: `l_${i + 1}`, name, key: null })),
  open: false,
  schema_version: 1,
  primary: true,
  required: true,
  guidelines: { version: 1, markdown: "", examples: [] },
  metric: "accuracy",
  model: "auto",
  ...more,
});
const ten = question("abcdefghij".split(""));

it("gives the first ten labels the digits 1 to 9 and 0", () => {
  expect(ten.labels.map((_, i) => digitOf(ten.labels, i)).join("")).toBe("1234567890");
  expect(chosen("choice.10", ten)?.name).toBe("j");
  expect(chosen("choice.10", question(["a"]))).toBeNull();
});

it("chooses labels that are digits by themselves", () => {
  const digits = question("0123456789".split(""));
  expect(digits.labels.map((_, i) => digitOf(digits.labels, i)).join("")).toBe("0123456789");
  expect(chosen("choice.10", digits)?.name).toBe("0");
});

it("lets a label's own key win", () => {
  const labels = [{ id: "l_1", name: "zero", key: "0" }, { id: "l_2", name: "one", key: "1" }];
  expect(labels.map((_, i) => digitOf(labels, i))).toEqual(["0", "1"]);
});

it("finds labels by beginnings, then words", () => {
  expect(search(question(["lost_card", "card_swallowed", "discard"]).labels, "card").map((l) => l.name)).toEqual([
    "card_swallowed",
    "lost_card",
    "discard",
  ]);
});

it("classification: a digit answers, arrows only move", () => {
  expect(classification.press("choice.2", ten, null)).toEqual({ label: { label: "l_2" }, done: true });
  expect(classification.press("choice.next", ten, { label: "l_10" })).toEqual({ label: { label: "l_1" }, done: false });
  expect(classification.press("choice.down", ten, { label: "l_1" })).toEqual({ label: { label: "l_2" }, done: false });
  expect(classification.press("choice.previous", ten, null)).toEqual({ label: { label: "l_10" }, done: false });
});

it("multilabel: digits toggle in the order of the labels, 0 is none of these", () => {
  const q = question(["a", "b", "c"]);
  expect(multilabel.press("choice.3", q, { labels: ["l_1"] })).toEqual({ label: { labels: ["l_1", "l_3"] }, done: false });
  expect(multilabel.press("choice.1", q, { labels: ["l_1", "l_3"] })).toEqual({ label: { labels: ["l_3"] }, done: false });
  expect(multilabel.press("choice.1", q, { labels: ["l_1"] })).toEqual({ label: null, done: false });
  expect(multilabel.press("choice.10", q, { labels: ["l_1"] })).toEqual({ label: { labels: [] }, done: false });
});

it("regression: arrows go by steps within the limits, digits type", () => {
  const q = question([], { min: 0, max: 10, step: 0.5 });
  expect(regression.press("choice.next", q, null)).toEqual({ label: { value: 5 }, done: false });
  expect(regression.press("choice.next", q, { value: 9.8 })).toEqual({ label: { value: 10 }, done: false });
  expect(regression.press("choice.previous", q, { value: 0.3 })).toEqual({ label: { value: 0 }, done: false });
  expect(regression.press("choice.up", q, { value: 3 })).toEqual({ label: { value: 3.5 }, done: false });
  expect(regression.press("choice.down", q, { value: 3 })).toEqual({ label: { value: 2.5 }, done: false });
  expect(regression.press("choice.7", q, null)).toEqual({ type: "7" });
});

it("says why an answer cannot be submitted", () => {
  expect(classification.problem(null, ten)).toMatch("Choose");
  expect(multilabel.problem({ labels: [] }, ten)).toBeNull();
  const q = question([], { min: 0, max: 10 });
  expect(regression.problem(null, q)).toMatch("Type");
  expect(regression.problem({ value: 11 }, q)).toMatch("between 0 and 10");
  expect(regression.problem({ value: 10 }, q)).toBeNull();
});

const banking = question(["lost_card", "card_arrival", "card_payment_fee_charged", "cash_withdrawal", "exchange_rate", "top_up_failed", "pin_blocked", "refund_not_showing_up", "transfer_timing", "verify_identity", "age_limit", "beneficiary"]);

it("finds words in any order, and forgives one slip", () => {
  const first = (typed: string) => search(banking.labels, typed)[0]?.name;
  expect(first("fee card")).toBe("card_payment_fee_charged");
  expect(first("wthdr")).toBe("cash_withdrawal"); // a letter missing
  expect(first("exqqa")).toBeUndefined(); // two slips
  expect(first("exhc")).toBe("exchange_rate"); // swapped
  expect(first("verufy")).toBe("verify_identity"); // wrong
  expect(first("pinn")).toBe("pin_blocked"); // one too many
});

it("with many labels, digits are those used lately, and each keeps its digit", () => {
  forget();
  expect(chosen("choice.1", banking)).toBeNull();
  for (const label of ["l_7", "l_2", "l_7"]) remember("q", label);
  expect(chosen("choice.1", banking)?.id).toBe("l_7");
  expect(chosen("choice.2", banking)?.id).toBe("l_2");
  for (const k of [1, 3, 4, 5, 6, 8, 9, 10]) remember("q", `l_${k}`);
  remember("q", "l_11"); // l_2 was used longest ago
  expect(chosen("choice.2", banking)?.id).toBe("l_11");
  expect(chosen("choice.1", banking)?.id).toBe("l_7");
  forget();
});
