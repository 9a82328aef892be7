/** Which label a digit means. Pure. */
import type { ActionId } from "@/actions/keys";
import type { Label, Question } from "@/api/types";

/** Up to this many labels are all shown with their digit; beyond, people type to search. */
export const ALL_SHOWN = 10;

export function digitOf(labels: readonly Label[], index: number): string | null {
  // Labels that are digits themselves are chosen by that digit: pressing 7 for "6" would be a trap.
  if (labels.length <= ALL_SHOWN && labels.every((label) => /^\d$/.test(label.name))) return labels[index]?.name ?? null;
  const own = labels[index]?.key;
  if (own && /^\d$/.test(own)) return own;
  const position = index < 9 ? String(index + 1) : index === 9 ? "0" : null;
  return position !== null && labels.some((label) => label.key === position) ? null : position;
}

/** "choice.1" .. "choice.9" are the digits 1 to 9, "choice.10" is 0. */
export function digitFrom(id: ActionId): string | null {
  const n = /^choice\.(\d+)$/.exec(id)?.[1];
  return n === undefined ? null : String(Number(n) % 10);
}

/** Where an arrow leads in a list of choices: down is onwards. */
export function direction(id: ActionId): 1 | -1 | null {
  if (id === "choice.next" || id === "choice.down") return 1;
  return id === "choice.previous" || id === "choice.up" ? -1 : null;
}

export function chosen(id: ActionId, question: Question): Label | null {
  const digit = digitFrom(id);
  if (digit === null) return null;
  return question.labels.find((_, index) => digitOf(question.labels, index) === digit) ?? null;
}

/** Labels that match what was typed: beginnings first, then words, then anywhere. */
export function search(labels: readonly Label[], typed: string): Label[] {
  const needle = fold(typed);
  if (needle === "") return [...labels];
  const rank = (label: Label) => {
    const name = fold(label.name);
    if (name.startsWith(needle)) return 0;
    if (name.includes(` ${needle}`)) return 1;
    return name.includes(needle) ? 2 : 3;
  };
  return labels
    .map((label) => ({ label, rank: rank(label) }))
    .filter((match) => match.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map((match) => match.label);
}

function fold(text: string): string {
  return text.trim().toLowerCase().replaceAll(/[_\-/]+/g, " ");
}
