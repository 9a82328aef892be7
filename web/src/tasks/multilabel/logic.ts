import { chosen, digitFrom, direction, span } from "../choice";
import type { TaskKind } from "../kind";
import type { Answer, Question } from "@/api/types";
import { s } from "@/ui/strings";

export function toggle(label: Answer | null, id: string, question: Question): Answer | null {
  const now = new Set(label && "labels" in label ? label.labels : []);
  if (!now.delete(id)) now.add(id);
  const labels = question.labels.map((one) => one.id).filter((one) => now.has(one));
  return labels.length > 0 ? { labels } : null;
}

export const task: Omit<TaskKind, "Editor"> = {
  name: "multilabel",
  single: false,
  keys: (question) => [
    { keys: span("1", String(Math.min(9, Math.max(1, question.labels.length)))), text: s.tasks.toggle },
    { keys: "0", text: s.tasks.noneKey },
  ],
  press: (id, question, label) => {
    const by = direction(id);
    if (by !== null) return { focus: by };
    if (digitFrom(id) === "0") return { label: { labels: [] }, done: false };
    const one = chosen(id, question);
    return one ? { label: toggle(label, one.id, question), done: false } : null;
  },
  summary: (label, question) => {
    if (!label || !("labels" in label)) return "";
    if (label.labels.length === 0) return s.tasks.noneShort;
    return label.labels.map((id) => question.labels.find((one) => one.id === id)?.name ?? id).join(", ");
  },
  problem: (label) => (label === null ? s.tasks.chooseOrNone : null),
  carries: (label) => (label && "labels" in label ? label.labels : []),
};
