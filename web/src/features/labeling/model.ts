/**
 * The label screen as a state machine, without React, clock or network.
 *
 * `step(state, event)` gives the next state and what to send. Whoever calls it brings ids, times and seconds.
 */
import type { Answer, Lease } from "@/api/types";
import { byQuestion, finished, fromAnnotations, noteOf, undoable, undone, untouched, withDraft, wordsOf } from "./answers";
import type { Card, Event, Finish, State, Step, Undo } from "./state";

export type { Card, Done, Event, Outgoing, State, Step } from "./state";

export const START: State = {
  current: null,
  queue: [],
  drafts: {},
  focus: null,
  reason: "",
  done: [],
  answered: new Set(),
  left: null,
  emptyBecause: null,
  waiting: null,
  askedBack: new Set(),
  given: 0,
  shown: 0,
  asked: false,
};

const KEEP = 50;

export function fromLease(lease: Lease): Card {
  const answered = Object.entries(lease.answered);
  return {
    item: lease.item,
    leaseId: lease.id,
    expiresAt: lease.expires_at,
    mode: "lease",
    standing: Object.fromEntries(answered.map(([question, { id }]) => [question, id])),
    before: Object.fromEntries(answered.map(([question, { answer }]) => [question, answer as Answer])),
    corrects: null,
    words: null,
  };
}

export function step(state: State, event: Event): Step {
  switch (event.type) {
    case "arrived":
      return only(arrived(state, event));
    case "recent": {
      const known = new Set(state.done.flatMap((done) => done.given.flatMap((one) => [one.annotationId, one.ref])));
      const older = event.annotations.filter((one) => one.standing && one.kind !== "undo" && !known.has(one.id));
      return only({ ...state, done: [...state.done, ...fromAnnotations(older)].slice(0, KEEP) });
    }
    case "draft":
      return only({ ...state, drafts: withDraft(state.drafts, event.question, event.label), focus: event.focus ?? event.question });
    case "focus":
      return only(state.focus === event.question ? state : { ...state, focus: event.question });
    case "reason":
      return only({ ...state, reason: event.text });
    case "finish":
      return finish(state, event);
    case "undo":
      return undo(state, event);
    case "recall": {
      const { target, item } = event;
      const card: Card = { item, leaseId: target.leaseId, expiresAt: null, mode: "correct", ...byQuestion(target.given), corrects: target.ref, words: wordsOf(target) };
      return only(show({ ...state, queue: putBack(state) }, card, true));
    }
    case "leave":
      return only(state.current?.mode === "correct" ? next(state) : { ...state, drafts: state.current ? untouched(state.current) : {}, focus: null });
    case "taken": {
      const taken = new Set(event.itemIds);
      const kept = { ...state, queue: state.queue.filter((card) => !taken.has(card.item.id)) };
      return only(kept.current && taken.has(kept.current.item.id) ? next(kept) : kept);
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
      return only({ ...state, answered, left, given: state.given - back.length, done: state.done.filter((done) => !back.includes(done)) });
    }
    case "prune":
      return only({ ...state, queue: state.queue.filter((card) => isLive(card, event.now)) });
    case "renewed":
      return only(
        state.current?.leaseId === event.leaseId ? { ...state, current: { ...state.current, expiresAt: event.expiresAt } } : state,
      );
    case "askedBack":
      return only({ ...state, askedBack: new Set([...state.askedBack, event.annotationId]) });
    case "saved":
      return only(saved(state, event.answerId, event.annotationId));
    case "refused":
      return only(refused(state, event.answerId));
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
  // The server has said what is the person's: what ran out may be somebody else's by now.
  const live = queue.filter((card) => isLive(card, event.now));
  const merged = { ...state, current, queue: live, left: event.left, emptyBecause: event.emptyBecause, waiting: event.waiting ?? null };
  return current === null ? next(merged) : merged;
}

function finish(state: State, event: Finish): Step {
  const card = state.current;
  if (card === null || event.answers.length === 0) return only(state);
  const correcting = card.mode === "correct";
  if (correcting && event.kind !== "answer") return only(state);
  const { done, send } = finished(state, card, event);
  if (correcting && send.length === 0) return only(next(state));
  const earlier = state.done.filter((one) => one.ref !== card.corrects);
  const counted = {
    ...state,
    done: [done, ...earlier].slice(0, KEEP),
    answered: new Set([...state.answered, card.item.id]),
    given: state.given + (event.kind === "answer" && !correcting ? 1 : 0),
    left: correcting ? state.left : less(state.left, 1),
  };
  return { state: next(counted), send };
}

function undo(state: State, event: Undo): Step {
  const { target } = event;
  if (!state.done.some((done) => done.ref === target.ref)) return only(state);
  const { card, send } = undone(event);
  const answered = new Set(state.answered);
  answered.delete(target.itemId);
  const back = {
    ...state,
    queue: putBack(state),
    done: state.done.filter((done) => done.ref !== target.ref),
    answered,
    given: state.given - (undoable(target).some((one) => one.kind === "answer") ? 1 : 0),
    left: state.left === null ? null : state.left + 1,
  };
  return { state: show(back, card, true), send };
}

function saved(state: State, answerId: string, annotationId: string): State {
  const learn = state.done.map((done) =>
    done.given.some((one) => one.ref === answerId)
      ? { ...done, given: done.given.map((one) => (one.ref === answerId ? { ...one, annotationId } : one)) }
      : done,
  );
  return { ...state, done: learn };
}

/** What the server did not take is not an answer; an item without any is not done. */
function refused(state: State, answerId: string): State {
  const done = state.done
    .map((one) => ({ ...one, given: one.given.filter((given) => given.ref !== answerId) }))
    .filter((one) => one.given.some((given) => given.kind !== "kept"));
  const answers = (all: State["done"]) => all.filter((one) => one.given.some((given) => given.kind === "answer")).length;
  return { ...state, done, given: state.given - answers(state.done) + answers(done) };
}

/** The current item goes back to the front; a correction that was left needs no coming back. */
function putBack(state: State): readonly Card[] {
  const { current, queue } = state;
  return current && current.mode !== "correct" ? [current, ...queue] : queue;
}

function next(state: State): State {
  const [first, ...rest] = state.queue;
  return first ? show({ ...state, queue: rest }, first) : { ...state, current: null, drafts: {}, focus: null, reason: "", shown: state.shown + 1, asked: false };
}

function show(state: State, card: Card, asked = false): State {
  return { ...state, current: card, drafts: card.before, focus: null, reason: noteOf(card), shown: state.shown + 1, asked };
}

function isLive(card: Card, now: number): boolean {
  return card.expiresAt === null || Date.parse(card.expiresAt) > now;
}

function less(left: number | null, by: number): number | null {
  return left === null ? null : Math.max(0, left - by);
}
