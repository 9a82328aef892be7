import { chosen, digitIn, direction, span } from "../choice";
import type { TaskKind } from "../kind";
import { s } from "@/ui/strings";

export const task: Omit<TaskKind, "Editor"> = {
  name: "classification",
  single: true,
  keys: (question) => {
    const digits = question.labels.map((_, index) => digitIn(question, index)).filter((digit) => digit !== null);
    return digits.length === 0 ? [] : [{ keys: span(digits[0] ?? "", digits.at(-1) ?? ""), text: s.tasks.answer }];
  },
  press: (id, question, label) => {
    const direct = chosen(id, question);
    if (direct) return { label: { label: direct.id }, done: true };
    const n = question.labels.length;
    const by = direction(id);
    if (n === 0 || by === null) return null;
    const at = label && "label" in label ? question.labels.findIndex((one) => one.id === label.label) : -1;
    const to = by > 0 ? (at + 1) % n : (at <= 0 ? n : at) - 1;
    const next = question.labels[to];
    return next ? { label: { label: next.id }, done: false } : null;
  },
  summary: (label, question) =>
    label && "label" in label ? (question.labels.find((one) => one.id === label.label)?.name ?? label.label) : "",
  problem: (label) => (label === null ? s.tasks.chooseFirst : null),
  carries: (label) => (label && "label" in label ? [label.label] : []),
};
