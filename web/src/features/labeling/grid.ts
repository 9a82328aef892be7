/** The grid as data: cards, the ones taken out, the cursor, and the last batch for undo. Pure. */
import type { Answer } from "@/api/types";
import { replacesOf, shareOf } from "./answers";
import type { ActiveClock } from "@/actions/clock";
import { previewOf } from "./preview";
import type { Card, Done, Outgoing } from "./state";
import { uuid } from "@/api/uuid";

export interface Grid {
  cards: readonly Card[];
  out: ReadonlySet<string>;
  cursor: number;
  /** The cards of the last batch that was sent. */
  last: readonly Card[];
}

export const emptyGrid: Grid = { cards: [], out: new Set(), cursor: 0, last: [] };

export function gridMove(grid: Grid, by: number): Grid {
  return { ...grid, cursor: Math.max(0, Math.min(grid.cards.length - 1, grid.cursor + by)) };
}

export function gridToggle(grid: Grid, index: number): Grid {
  const id = grid.cards[index]?.item.id;
  if (id === undefined) return grid;
  const out = new Set(grid.out);
  if (!out.delete(id)) out.add(id);
  return { ...grid, out };
}

export interface GridAnswer {
  question: string;
  label: Answer;
  summary: string;
}

/** One answer for all that are selected, the active time shared out; what was taken out goes back to the pool. */
export function batch(grid: Grid, answer: GridAnswer, clock: ActiveClock, now: number, id: () => string = uuid) {
  const cards = grid.cards.filter((card) => !grid.out.has(card.item.id));
  const seconds = shareOf(clock.seconds(now), cards.length);
  const send = cards.map(
    (card): Outgoing => ({
      answer_id: id(),
      lease_id: card.leaseId,
      item_id: card.item.id,
      question: answer.question,
      kind: "answer",
      answer: answer.label,
      reason: null,
      replaces: null,
      seconds,
    }),
  );
  const done = cards.map((card, i): Done => {
    const ref = send[i]?.answer_id ?? "";
    return {
      ref,
      itemId: card.item.id,
      item: card.item,
      leaseId: card.leaseId,
      title: card.item.key,
      preview: previewOf(card.item),
      given: [{ ...answer, ref, annotationId: null, kind: "answer", reason: null }],
    };
  });
  return { send, done, cards, excluded: grid.cards.filter((card) => grid.out.has(card.item.id)) };
}

/** Take the last batch back as a whole; its cards are shown again and need no lease. */
export function gridUndo(grid: Grid, done: readonly Done[], id: () => string = uuid) {
  const ids = new Set(grid.last.map((card) => card.item.id));
  const labeled = done.filter((one) => ids.has(one.itemId));
  const send = labeled.flatMap((one) =>
    one.given.map(
      (given): Outgoing => ({
        answer_id: id(),
        lease_id: null,
        item_id: one.itemId,
        question: given.question,
        kind: "undo",
        answer: null,
        reason: null,
        replaces: replacesOf(given),
        seconds: null,
      }),
    ),
  );
  const cards = grid.last.map((card): Card => ({ ...card, leaseId: null, expiresAt: null, mode: "again" }));
  return { send, refs: labeled.map((one) => one.ref), grid: { ...emptyGrid, cards } };
}
