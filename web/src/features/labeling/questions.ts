/**
 * The questions of an item: their order, which one the keys belong to, and what is missing. Pure.
 *
 * One question at a time owns the keys. An answer hands them to the next open question, so three questions are
 * answered by "2 1 3 Enter" without leaving the row of digits or the number pad, on every keyboard layout, and
 * letters remain free for actions. Tab and Shift+Tab move by hand.
 */
import type { Question } from "@/api/types";
import { taskOf } from "@/tasks";
import type { Drafts } from "./state";

/** The primary question on top, then what must be answered, then the rest; otherwise the project's order. */
export function ordered(questions: readonly Question[]): Question[] {
  const rank = (question: Question) => (question.primary ? 0 : question.required ? 1 : 2);
  return [...questions].sort((a, b) => rank(a) - rank(b));
}

export interface KeysOf {
  question: Question;
  /** Digits and arrows mean this question. */
  live: boolean;
  /** The action that moves here from the live question. */
  jump: "question.next" | "question.previous" | null;
}

/** Which question has which keys. Exactly one is live, so no two buttons answer to one key. */
export function allocate(questions: readonly Question[], drafts: Drafts, focus: string | null): KeysOf[] {
  const asked = questions.findIndex((question) => question.id === focus);
  const open = questions.findIndex((question) => !(question.id in drafts));
  const live = asked >= 0 ? asked : Math.max(0, open);
  return questions.map((question, i) => ({
    question,
    live: i === live,
    jump: i === live + 1 ? "question.next" : i === live - 1 ? "question.previous" : null,
  }));
}

/** Where an answer leads: the next question without one, then a required one that was passed over, else nowhere. */
export function afterAnswer(questions: readonly Question[], drafts: Drafts, answered: string): Question | null {
  const at = questions.findIndex((question) => question.id === answered);
  const open = (question: Question) => question.id !== answered && !(question.id in drafts);
  return questions.slice(at + 1).find(open) ?? missing(questions.filter((question) => question.id !== answered), drafts);
}

/** The first required question without an answer. */
export function missing(questions: readonly Question[], drafts: Drafts): Question | null {
  return questions.find((question) => question.required && !(question.id in drafts)) ?? null;
}

export interface Obstacle {
  question: Question;
  /** A sentence to the annotator. */
  text: string;
}

/** What keeps the item from being submitted: a required question without an answer, or an answer that is not allowed. */
export function obstacle(questions: readonly Question[], drafts: Drafts): Obstacle | null {
  for (const question of questions) {
    const draft = drafts[question.id] ?? null;
    const text = draft === null && !question.required ? null : taskOf(question).problem(draft, question);
    if (text !== null) return { question, text };
  }
  return questions.some((question) => question.id in drafts) ? null : first(questions);
}

/** Where all questions are optional, one of them must still be answered; otherwise the item is skipped. */
function first([question]: readonly Question[]): Obstacle | null {
  return question ? { question, text: taskOf(question).problem(null, question) ?? "" } : null;
}

/** Grid mode gives one answer to many items: the question that it asks, or null where one answer is not enough. */
export function gridQuestion(questions: readonly Question[]): Question | null {
  const [first, ...others] = questions;
  return first && taskOf(first).single && !others.some((question) => question.required) ? first : null;
}
