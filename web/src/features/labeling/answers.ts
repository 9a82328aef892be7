/** Giving and taking back the answers of one item: what changes and what is to be sent. Pure. */
import type { Annotation, AnnotationKind, Answer } from "@/api/types";
import type { Card, Done, Drafts, Finish, Given, NewAnswer, Outgoing, State, Undo, Words } from "./state";

/** How the server will know an annotation: by its id if it is stored, by the local one until then. */
export function replacesOf(given: Given): string {
  return given.annotationId ?? `local:${given.ref}`;
}

/** What the person did to the item as a whole. */
export function kindOf(done: Done): "answer" | "correct" | "skip" | "flag" {
  const kinds = done.given.map((one) => one.kind);
  return (["skip", "flag", "correct"] as const).find((kind) => kinds.includes(kind)) ?? "answer";
}

export function summaryOf(done: Done): string {
  return done.given.map((one) => one.summary).join(" · ");
}

/** What the person wrote about the item, whichever of its annotations carries it. */
export function wordsOf(done: Done): Words | null {
  const one = done.given.find((given) => given.reason !== null);
  if (!one?.reason) return null;
  return { kind: one.kind === "skip" || one.kind === "flag" ? one.kind : "note", text: one.reason };
}

/** The note that an answer to this card carries unless the person changes it. */
export function noteOf(card: Card): string {
  return card.words?.kind === "note" ? card.words.text : "";
}

export function sameAnswer(a: Answer | null | undefined, b: Answer | null | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** The annotations of an item by question: what it was answered with, and what a new answer would replace. */
export function byQuestion(given: readonly Given[]): Pick<Card, "before" | "standing"> {
  const before: Record<string, Answer> = {};
  const standing: Record<string, string> = {};
  for (const one of given) {
    if (one.question === null) continue;
    if (one.label !== null) before[one.question] = one.label;
    standing[one.question] = replacesOf(one);
  }
  return { before, standing };
}

/** Time is spent on an item, not on each of its questions: the seconds are shared out. */
export function shareOf(seconds: number, n: number): number {
  return n === 0 ? 0 : Math.round((seconds / n) * 100) / 100;
}

export interface Finished {
  done: Done;
  send: Outgoing[];
}

/** The annotations that an item gets; nothing is sent for an answer that stands already. */
export function finished(state: State, card: Card, event: Finish): Finished {
  const send: Outgoing[] = [];
  const reason = (event.reason ?? state.reason).trim() || null;
  // A correction may be of the note alone; the first answer then carries it.
  const noteChanged = card.mode === "correct" && reason !== (noteOf(card) || null);
  const given = event.answers.map((one, i): Given => {
    const replaces = one.question === null ? null : (card.standing[one.question] ?? null);
    const base = { question: one.question, label: one.label, summary: one.summary, reason: null };
    if (replaces !== null && one.question !== null && sameAnswer(card.before[one.question], one.label) && !(noteChanged && i === 0)) {
      return keptFrom(state, replaces) ?? { ...base, ref: replaces, annotationId: replaces, kind: "kept" };
    }
    const kind: AnnotationKind = replaces === null ? event.kind : "correct";
    const asked = replaces !== null && state.askedBack.has(replaces);
    send.push({ ...outgoing(card, one, kind, replaces), ...(asked ? { after: "prompt" as const } : {}) });
    return { ...base, ref: one.answerId, annotationId: null, kind };
  });
  const seconds = shareOf(event.seconds, send.length);
  // The note goes with the first annotation: it is about the item, and one copy is enough.
  const carrier = given.some((one) => one.reason !== null && one.reason === reason) ? null : (send[0]?.answer_id ?? null);
  const done: Done = {
    ref: send[0]?.answer_id ?? event.answers[0]?.answerId ?? "",
    itemId: card.item.id,
    item: card.item,
    leaseId: card.leaseId,
    title: card.item.key,
    preview: event.preview,
    given: given.map((one) => (one.ref === carrier ? { ...one, reason } : one)),
  };
  return { done, send: send.map((one) => ({ ...one, seconds, reason: one.answer_id === carrier ? reason : null })) };
}

/** An answer that was left as it is stays what it was, so that an undo still takes it back. */
function keptFrom(state: State, replaces: string): Given | null {
  return state.done.flatMap((done) => done.given).find((one) => replacesOf(one) === replaces) ?? null;
}

function outgoing(card: Card, one: NewAnswer, kind: AnnotationKind, replaces: string | null): Outgoing {
  return {
    answer_id: one.answerId,
    lease_id: kind === "correct" ? null : card.leaseId,
    item_id: card.item.id,
    question: one.question,
    kind,
    answer: one.label,
    reason: null,
    replaces,
    seconds: null,
  };
}

/** Which annotations an undo takes back: what stood before and was left as it is remains. */
export function undoable(done: Done): readonly Given[] {
  return done.given.filter((one) => one.kind !== "correct" && one.kind !== "kept");
}

/** The item as it is shown again after an undo, and the annotations that say so. */
export function undone(event: Undo): { card: Card; send: Outgoing[] } {
  const { target, item } = event;
  const taken = undoable(target);
  const { standing } = byQuestion(target.given.filter((one) => !taken.includes(one)));
  const { before } = byQuestion(target.given);
  // What was never sent needs no undo: the lease is still there.
  const card: Card = { item, leaseId: event.unsent ? target.leaseId : null, expiresAt: null, mode: "again", standing, before, corrects: null, words: wordsOf(target) };
  if (event.unsent) return { card, send: [] };
  const send = taken.map(
    (one, i): Outgoing => ({
      answer_id: event.answerIds[i] ?? "",
      lease_id: null,
      item_id: item.id,
      question: one.question,
      kind: "undo",
      answer: null,
      reason: null,
      replaces: replacesOf(one),
      seconds: null,
    }),
  );
  return { card, send };
}

/** Annotations of an earlier visit, newest first, as items: neighbours of one item belong together. */
export function fromAnnotations(annotations: readonly Annotation[]): Done[] {
  const items: (Done & { given: Given[] })[] = [];
  for (const one of annotations) {
    const given: Given = { ref: one.id, annotationId: one.id, question: one.question ?? null, kind: one.kind, label: one.answer as Answer | null, summary: one.summary, reason: one.reason ?? null };
    const last = items.at(-1);
    if (last?.itemId === one.item_id && last.given.every((other) => other.question !== given.question)) last.given.push(given);
    else items.push({ ref: one.id, itemId: one.item_id, item: null, leaseId: null, title: one.key, preview: one.preview, given: [given] });
  }
  return items;
}

/** The drafts of a card that nobody has touched: what stands already. */
export function untouched(card: Card): Drafts {
  return Object.fromEntries(Object.entries(card.before).filter(([question]) => question in card.standing));
}

export function withDraft(drafts: Drafts, question: string, label: Answer | null): Drafts {
  const others = Object.fromEntries(Object.entries(drafts).filter(([id]) => id !== question));
  return label === null ? others : { ...others, [question]: label };
}
