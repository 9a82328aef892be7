/** How many items are taken ahead of the person, and when. Pure. */
import type { Card, State } from "./state";

/** Few, so that each answer is about an item of a fresh ranking, and little is kept from others. */
export const FEW = 5;
/** For going on without a network; the most that the server lends at once. */
export const MANY = 50;

const AGAIN_MS = 5000;
/** The first items come within seconds. */
const SOON_MS = 1200;
const SOON: ReadonlySet<string> = new Set(["starting", "importing", "next-ranking"]);
/** Where there is still something to do, nothing hurries. */
const LATER_MS = 30_000;

export interface Ahead {
  /** Leases to ask for in all, the one in front of the person included. */
  take: number;
  /** Ask again when so many or fewer wait behind it. */
  refillAt: number;
}

export function aheadOf(offline: boolean): Ahead {
  return offline ? { take: MANY, refillAt: MANY - FEW - 1 } : { take: FEW, refillAt: 2 };
}

/** How long to wait before asking again, where asking brought nothing new or failed. */
export function pauseOf(waiting: number, emptyBecause: State["emptyBecause"], failed: boolean): number {
  if (waiting > aheadOf(false).refillAt) return LATER_MS;
  return !failed && emptyBecause && SOON.has(emptyBecause) ? SOON_MS : AGAIN_MS;
}

/** What goes back to the others when the person no longer works offline. */
export function surplus(queue: readonly Card[]): Card[] {
  return queue.filter((card) => card.mode === "lease").slice(FEW - 1);
}

/** How many items can be worked on without a network: those whose content and image are here. */
export function readyCount(state: State, isHere: (card: Card) => boolean): number {
  const { current, queue } = state;
  return (current && current.mode !== "correct" ? [current, ...queue] : queue).filter(isHere).length;
}
