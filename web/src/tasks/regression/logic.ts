import type { ActionId } from "@/actions/keys";
import { cell } from "@/ui/format";
import { s } from "@/ui/strings";
import { digitFrom } from "../choice";
import type { TaskKind } from "../kind";
import type { Question } from "@/api/types";

export function stepOf(question: Question): number {
  if (question.step) return question.step;
  const { min, max } = question;
  if (min === null || min === undefined || max === null || max === undefined || max <= min) return 1;
  return 10 ** Math.floor(Math.log10((max - min) / 100));
}

/** The nearest allowed value, without the dust of binary fractions. */
export function clean(value: number, question: Question): number {
  const low = question.min ?? -Infinity;
  const high = question.max ?? Infinity;
  return Number(Math.min(high, Math.max(low, value)).toPrecision(12));
}

/** Up is more, as it is inside the field. */
function steps(id: ActionId): 1 | -1 | null {
  if (id === "choice.next" || id === "choice.up") return 1;
  return id === "choice.previous" || id === "choice.down" ? -1 : null;
}

export const task: Omit<TaskKind, "Editor"> = {
  name: "regression",
  single: false,
  keys: () => [
    { keys: "0–9", text: s.tasks.type },
    { keys: "← →", text: s.tasks.adjust },
  ],
  press: (id, question, label) => {
    const digit = digitFrom(id);
    if (digit !== null) return { type: digit };
    const by = steps(id);
    if (by === null) return null;
    const { min, max } = question;
    const middle = min !== null && min !== undefined && max !== null && max !== undefined ? (min + max) / 2 : 0;
    if (!label || !("value" in label)) return { label: { value: clean(middle, question) }, done: false };
    return { label: { value: clean(label.value + by * stepOf(question), question) }, done: false };
  },
  summary: (label, question) => (label && "value" in label ? `${cell(label.value)}${question.unit ? ` ${question.unit}` : ""}` : ""),
  problem: (label, question) => {
    if (!label || !("value" in label)) return s.tasks.typeFirst;
    return clean(label.value, question) === label.value ? null : s.tasks.outside(cell(question.min ?? "−∞"), cell(question.max ?? "∞"));
  },
  carries: () => [],
};
