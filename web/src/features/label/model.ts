/**
 * The label screen as a state machine, without React, clock or network.
 *
 * `step(state, event)` gives the next state and what to send. Whoever calls it brings ids, times and seconds.
 */
import type { Annotation, AnnotationKind, Answer, Lease } from "@/api/types";
import type { Card, Done, Event, Outgoing, State, Step } from "./state";

export type { Card, Done, Event, Outgoing, State, Step };

export const START: State = {
  current: null,
  queue: [],
  draft: null,
  reason: "",
  done: [],
  answered: new Set(),
  left: null,
  emptyBecause: null,
  given: 0,
  shown: 0,
};

const KEEP = 50;

export function fromLease(lease: Lease): Card {
  return { item: lease.item, leaseId: lease.id, expiresAt: lease.expires_at, mode: "lease", replaces: null, before: null };
}

/** How the server will know an answer: by its id if it is stored, by the local one until then. */
export function replacesOf(done: Done): string {
  return done.annotationId ?? `local:${done.ref}`;
}

export function step(state: State, event: Event): Step {
  switch (event.type) {
    case "arrived":
      return only(arrived(state, event));
    case "recent": {
      const known = new Set(state.done.flatMap((done) => [done.annotationId, done.ref]));
      const older = event.annotations.filter((one) => one.standing && one.kind !== "undo" && !known.has(one.id)).map(fromAnnotation);
      return only({ ...state, done: [...state.done, ...older].slice(0, KEEP) });
    }
    case "draft":
      return only({ ...state, draft: event.label });
    case "reason":
      return only({ ...state, reason: event.text });
    case "finish":
      return finish(state, event);
    case "undo":
      return undo(state, event);
    case "recall": {
      const card: Card = { item: event.item, leaseId: null, expiresAt: null, mode: "correct", replaces: replacesOf(event.target), before: event.target.label };
      return only(show({ ...state, queue: putBack(state) }, card));
    }
    case "leave":
      return only(state.current?.mode === "correct" ? next(state) : { ...state, draft: null });
    case "taken": {
      const gone = new Set(event.itemIds);
      const kept = { ...state, queue: state.queue.filter((card) => !gone.has(card.item.id)) };
      return only(kept.current && gone.has(kept.current.item.id) ? next(kept) : kept);
    }
    case "batch": {
      const ids = event.done.map((done) => done.itemId);
      return only({
        ...state,
        done: [...event.done, ...state.done].slice(0, KEEP),
        answered: new Set([...state.answered, ...ids]),
        given: state.given + ids.length,
        left: less(state.left, ids.length),
      });
    }
    case "unbatch": {
      const back = state.done.filter((done) => event.refs.includes(done.ref));
      const answered = new Set(state.answered);
      for (const done of back) answered.delete(done.itemId);
      const left = state.left === null ? null : state.left + back.length;
      return only({ ...state, answered, left, given: Math.max(0, state.given - back.length), done: state.done.filter((done) => !back.includes(done)) });
    }
    case "prune":
      return only({ ...state, queue: state.queue.filter((card) => card.expiresAt === null || Date.parse(card.expiresAt) > event.now) });
    case "renewed":
      return only(
        state.current?.leaseId === event.leaseId ? { ...state, current: { ...state.current, expiresAt: event.expiresAt } } : state,
      );
    case "saved":
      return only({ ...state, done: state.done.map((done) => (done.ref === event.answerId ? { ...done, annotationId: event.annotationId } : done)) });
    case "refused":
      return only({ ...state, done: state.done.filter((done) => done.ref !== event.answerId) });
  }
}

function only(state: State): Step {
  return { state, send: [] };
}

function arrived(state: State, event: Event & { type: "arrived" }): State {
  const fresh = new Map(event.leases.map((lease) => [lease.item.id, lease]));
  const extend = (card: Card): Card => {
    const lease = fresh.get(card.item.id);
    fresh.delete(card.item.id);
    return lease && card.mode === "lease" ? { ...card, leaseId: lease.id, expiresAt: lease.expires_at } : card;
  };
  const current = state.current && extend(state.current);
  const queue = state.queue.map(extend);
  for (const lease of fresh.values()) if (!state.answered.has(lease.item.id)) queue.push(fromLease(lease));
  const merged = { ...state, current, queue, left: event.left, emptyBecause: event.emptyBecause };
  return current === null ? next(merged) : merged;
}

function finish(state: State, event: Event & { type: "finish" }): Step {
  const card = state.current;
  const label = event.label ?? state.draft;
  if (card === null || (event.kind === "answer" && label === null)) return only(state);
  const correcting = card.mode === "correct";
  if (correcting && event.kind !== "answer") return only(state);
  const kind: AnnotationKind = correcting ? "correct" : event.kind;
  const answer = event.kind === "answer" ? label : null;
  const reason = (event.reason ?? state.reason).trim();
  const send: Outgoing = {
    answer_id: event.answerId,
    lease_id: card.leaseId,
    item_id: card.item.id,
    kind,
    answer,
    reason: reason === "" ? null : reason,
    replaces: card.replaces,
    seconds: Math.round(event.seconds * 100) / 100,
  };
  const done: Done = {
    ref: event.answerId,
    annotationId: null,
    itemId: card.item.id,
    item: card.item,
    leaseId: card.leaseId,
    title: card.item.key,
    preview: event.preview,
    kind,
    label: answer,
    summary: event.summary,
  };
  const earlier = correcting ? state.done.filter((one) => replacesOf(one) !== card.replaces) : state.done;
  const counted = {
    ...state,
    done: [done, ...earlier].slice(0, KEEP),
    answered: new Set([...state.answered, card.item.id]),
    given: state.given + (kind === "answer" ? 1 : 0),
    left: correcting ? state.left : less(state.left, 1),
  };
  return { state: next(counted), send: [send] };
}

function undo(state: State, event: Event & { type: "undo" }): Step {
  const { target } = event;
  if (!state.done.some((done) => done.ref === target.ref)) return only(state);
  const answered = new Set(state.answered);
  answered.delete(target.itemId);
  // What never left needs no undo: the lease is still there.
  const leaseId = event.unsent ? target.leaseId : null;
  const card: Card = { item: event.item, leaseId, expiresAt: null, mode: "again", replaces: null, before: target.label };
  const back = {
    ...state,
    queue: putBack(state),
    done: state.done.filter((done) => done.ref !== target.ref),
    answered,
    given: Math.max(0, state.given - (target.kind === "answer" ? 1 : 0)),
    left: state.left === null ? null : state.left + 1,
  };
  const send: Outgoing = {
    answer_id: event.answerId,
    lease_id: null,
    item_id: target.itemId,
    kind: "undo",
    answer: null,
    reason: null,
    replaces: replacesOf(target),
    seconds: null,
  };
  return { state: show(back, card), send: event.unsent ? [] : [send] };
}

/** The current item goes back to the front; a correction that was left needs no coming back. */
function putBack(state: State): readonly Card[] {
  return state.current && state.current.mode !== "correct" ? [state.current, ...state.queue] : state.queue;
}

function next(state: State): State {
  const [first, ...rest] = state.queue;
  return first ? show({ ...state, queue: rest }, first) : { ...state, current: null, draft: null, reason: "", shown: state.shown + 1 };
}

function show(state: State, card: Card): State {
  return { ...state, current: card, draft: card.before, reason: "", shown: state.shown + 1 };
}

function less(left: number | null, by: number): number | null {
  return left === null ? null : Math.max(0, left - by);
}

function fromAnnotation(one: Annotation): Done {
  return {
    ref: one.id,
    annotationId: one.id,
    itemId: one.item_id,
    item: null,
    leaseId: null,
    title: one.key,
    preview: one.preview,
    kind: one.kind,
    label: one.answer as Answer | null,
    summary: one.summary,
  };
}
