/** What the label screen knows, and what can happen to it. */
import type { Annotation, AnnotationKind, Answer, Item, Lease, Queue } from "@/api/types";

/** Answers by question. */
export type Drafts = Readonly<Record<string, Answer>>;

/** What the person has written about an item: a note to the answer, or why they skipped or flagged it. */
export interface Words {
  kind: "note" | "skip" | "flag";
  text: string;
}

/** An item to decide on. `again`: was undone, needs no lease. `correct`: has answers that stand until replaced. */
export interface Card {
  item: Item;
  leaseId: string | null;
  expiresAt: string | null;
  mode: "lease" | "again" | "correct";
  /** What stands already, by question: the id of the annotation that a new answer replaces. */
  standing: Readonly<Record<string, string>>;
  /** What was answered before, shown as the draft. */
  before: Drafts;
  /** For `correct`: the entry of `done` that is corrected. */
  corrects: string | null;
  /** What the person wrote about it before. */
  words: Words | null;
}

/** An annotation to send. `replaces` may be a local answer id (`local:…`), known by its receipt later. */
export interface Outgoing {
  answer_id: string;
  lease_id: string | null;
  item_id: string;
  /** Missing in entries that version 0.2 has left in the browser's storage: there was one question. */
  question?: string | null;
  kind: AnnotationKind;
  answer: Answer | null;
  reason: string | null;
  replaces: string | null;
  seconds: number | null;
  /** A correction after "are you sure?". */
  after?: "prompt";
}

/** One annotation of an item. `kept`: stood already and was left as it is, so nothing was sent. */
export interface Given {
  ref: string;
  annotationId: string | null;
  /** Null for skip and flag, which concern the item. */
  question: string | null;
  kind: AnnotationKind | "kept";
  label: Answer | null;
  summary: string;
  /** The person's words with it. */
  reason: string | null;
}

/** An item that the caller has dealt with, newest first in `done`: the undo stack and the strip of recent ones. */
export interface Done {
  ref: string;
  itemId: string;
  item: Item | null;
  leaseId: string | null;
  title: string;
  preview: string;
  given: readonly Given[];
}

/** An answer that is about to be given; its id is made by the caller. */
export interface NewAnswer {
  answerId: string;
  question: string | null;
  label: Answer | null;
  summary: string;
}

export interface State {
  current: Card | null;
  queue: readonly Card[];
  drafts: Drafts;
  /** The question that the person has moved to; null: the first one without an answer. */
  focus: string | null;
  reason: string;
  done: readonly Done[];
  /** Items that were dealt with here; a lease on one that comes back late is not shown again. */
  answered: ReadonlySet<string>;
  left: number | null;
  emptyBecause: Queue["empty_because"];
  /** Where the items are that this person does not get. */
  waiting: Queue["empty"];
  /** Items answered in this visit less those undone; below zero where answers of an earlier visit were undone. */
  given: number;
  /** Answers about which the person was asked "are you sure?". */
  askedBack: ReadonlySet<string>;
  /** Counts the items shown, so that effects know a new one from the same one. */
  shown: number;
  /** The person asked for the very item that is shown, by undo or correction; others come by themselves. */
  asked: boolean;
}

export type Finish = { type: "finish"; kind: "answer" | "skip" | "flag"; answers: readonly NewAnswer[]; seconds: number; reason?: string; preview: string };
export type Undo = { type: "undo"; target: Done; item: Item; answerIds: readonly string[]; unsent: boolean };

export type Event =
  | { type: "arrived"; leases: readonly Lease[]; left: number; emptyBecause: Queue["empty_because"]; waiting?: Queue["empty"]; now: number }
  | { type: "recent"; annotations: readonly Annotation[] }
  | { type: "draft"; question: string; label: Answer | null; focus?: string }
  | { type: "focus"; question: string }
  | { type: "reason"; text: string }
  | Finish
  | Undo
  | { type: "recall"; target: Done; item: Item }
  | { type: "leave" }
  | { type: "taken"; itemIds: readonly string[] }
  | { type: "batch"; done: readonly Done[] }
  | { type: "unbatch"; refs: readonly string[] }
  | { type: "prune"; now: number }
  | { type: "renewed"; leaseId: string; expiresAt: string }
  | { type: "saved"; answerId: string; annotationId: string }
  | { type: "askedBack"; annotationId: string }
  | { type: "refused"; answerId: string };

export interface Step {
  state: State;
  send: Outgoing[];
}
