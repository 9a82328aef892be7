/** What the label screen knows, and what can happen to it. */
import type { Annotation, AnnotationKind, Answer, Item, Lease, Queue } from "@/api/types";

/** Something to decide on. `again`: was undone, needs no lease. `correct`: has an answer that stands until replaced. */
export interface Card {
  item: Item;
  leaseId: string | null;
  expiresAt: string | null;
  mode: "lease" | "again" | "correct";
  /** For `correct`: what is replaced. */
  replaces: string | null;
  /** What was answered before, shown as the draft. */
  before: Answer | null;
}

/** An annotation to send. `replaces` may be a local answer id (`local:…`), known by its receipt later. */
export interface Outgoing {
  answer_id: string;
  lease_id: string | null;
  item_id: string;
  kind: AnnotationKind;
  answer: Answer | null;
  reason: string | null;
  replaces: string | null;
  seconds: number | null;
}

/** One of the caller's own answers, newest first in `done`: the undo stack and the strip of recent ones. */
export interface Done {
  ref: string;
  annotationId: string | null;
  itemId: string;
  item: Item | null;
  leaseId: string | null;
  title: string;
  preview: string;
  kind: AnnotationKind;
  label: Answer | null;
  summary: string;
}

export interface State {
  current: Card | null;
  queue: readonly Card[];
  draft: Answer | null;
  reason: string;
  done: readonly Done[];
  /** Items that were dealt with here; a lease on one that comes back late is not shown again. */
  answered: ReadonlySet<string>;
  left: number | null;
  emptyBecause: Queue["empty_because"];
  /** Answers given in this visit and not undone. */
  given: number;
  /** Counts the items shown, so that effects know a new one from the same one. */
  shown: number;
}

export type Event =
  | { type: "arrived"; leases: readonly Lease[]; left: number; emptyBecause: Queue["empty_because"] }
  | { type: "recent"; annotations: readonly Annotation[] }
  | { type: "draft"; label: Answer | null }
  | { type: "reason"; text: string }
  | { type: "finish"; kind: "answer" | "skip" | "flag"; answerId: string; seconds: number; label?: Answer; reason?: string; summary: string; preview: string }
  | { type: "undo"; target: Done; item: Item; answerId: string; unsent: boolean }
  | { type: "recall"; target: Done; item: Item }
  | { type: "leave" }
  | { type: "taken"; itemIds: readonly string[] }
  | { type: "batch"; done: readonly Done[] }
  | { type: "unbatch"; refs: readonly string[] }
  | { type: "prune"; now: number }
  | { type: "renewed"; leaseId: string; expiresAt: string }
  | { type: "saved"; answerId: string; annotationId: string }
  | { type: "refused"; answerId: string };

export interface Step {
  state: State;
  send: Outgoing[];
}
