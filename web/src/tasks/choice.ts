/** Which label a digit means. Pure. */
import type { ActionId } from "@/actions/keys";
import type { Label, Question } from "@/api/types";
import { recents } from "./recent";

/** Up to this many labels are all shown with their digit; beyond, people type to search. */
export const ALL_SHOWN = 10;

export function digitOf(labels: readonly Label[], index: number): string | null {
  // Labels that are digits themselves are chosen by that digit: pressing 7 for "6" would be a trap.
  if (labels.length <= ALL_SHOWN && labels.every((label) => /^\d$/.test(label.name))) return labels[index]?.name ?? null;
  const own = labels[index]?.key;
  if (own && /^\d$/.test(own)) return own;
  const position = at(index);
  return position !== null && labels.some((label) => label.key === position) ? null : position;
}

function at(index: number): string | null {
  return index < 0 ? null : index < 9 ? String(index + 1) : index === 9 ? "0" : null;
}

/** The digit of a label of a question: with many labels, of those that were used lately. */
export function digitIn(question: Question, index: number): string | null {
  if (question.labels.length <= ALL_SHOWN) return digitOf(question.labels, index);
  return at(recents(question.id).indexOf(question.labels[index]?.id ?? ""));
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
  return question.labels.find((_, index) => digitIn(question, index) === digit) ?? null;
}

/**
 * Labels that match what was typed, best first: its beginning, beginnings of its words in any order, anywhere; where
 * nothing does, beginnings of words with one slip.
 */
export function search(labels: readonly Label[], typed: string): Label[] {
  const needle = fold(typed);
  if (needle === "") return [...labels];
  const wanted = needle.split(" ");
  const rank = (label: Label) => {
    const name = fold(label.name);
    const words = name.split(" ");
    if (name.startsWith(needle)) return 0;
    if (name.includes(` ${needle}`)) return 1;
    if (wanted.every((one) => words.some((word) => word.startsWith(one)))) return 2;
    return name.includes(needle) || wanted.every((one) => name.includes(one)) ? 3 : NO_MATCH;
  };
  const slipped = (label: Label) => {
    const words = fold(label.name).split(" ");
    return wanted.every((one) => words.some((word) => word.startsWith(one) || (one.length >= 3 && isOneSlip(one, word.slice(0, one.length), word))));
  };
  const ranked = labels.map((label) => ({ label, rank: rank(label) })).filter((match) => match.rank < NO_MATCH);
  if (ranked.length === 0) return labels.filter(slipped);
  return ranked.sort((a, b) => a.rank - b.rank).map((match) => match.label);
}

const NO_MATCH = 4;

/** Whether what was typed is the beginning of a word with one letter wrong, missing, too many, or two swapped. */
function isOneSlip(typed: string, beginning: string, word: string): boolean {
  const wrong = [...typed].filter((letter, i) => letter !== beginning[i]).length;
  if (beginning.length === typed.length && wrong === 1) return true;
  for (let i = 0; i < typed.length; i += 1) {
    if (word.startsWith(typed.slice(0, i) + typed.slice(i + 1))) return true;
    const swapped = typed.slice(0, i) + (typed[i + 1] ?? "") + (typed[i] ?? "") + typed.slice(i + 2);
    if (i + 1 < typed.length && word.startsWith(swapped)) return true;
    if (word.startsWith(typed.slice(0, i) + (word[i] ?? "") + typed.slice(i))) return true;
  }
  return false;
}

function fold(text: string): string {
  return text.trim().toLowerCase().replaceAll(/[_\-/]+/g, " ");
}

/** A range of keys in a hint; one key is no range. */
export function span(first: string, last: string): string {
  return first === last ? first : `${first}–${last}`;
}
