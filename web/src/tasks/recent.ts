/** Which labels a person used lately, by question: they get the digits where there are too many labels for all. */
import { useSyncExternalStore } from "react";

const SLOTS = 10;
type Slot = { label: string; at: number } | null;
const slots = new Map<string, Slot[]>();
const listeners = new Set<() => void>();
let clock = 0;

/** A label keeps its digit for as long as it is used; a new one takes the place of the one that was used longest ago. */
export function remember(question: string, label: string): void {
  const of = [...(slots.get(question) ?? [])];
  clock += 1;
  const known = of.findIndex((slot) => slot?.label === label);
  const oldest = of.reduce((found, slot, at) => ((slot?.at ?? 0) < (of[found]?.at ?? 0) ? at : found), 0);
  of[known >= 0 ? known : of.length < SLOTS ? of.length : oldest] = { label, at: clock };
  slots.set(question, of);
  for (const listener of listeners) listener();
}

/** Labels by digit: the first is 1, the tenth 0. */
export function recents(question: string): string[] {
  return (slots.get(question) ?? []).map((slot) => slot?.label ?? "");
}

export function forget(): void {
  slots.clear();
}

export function useRecents(question: string): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => recents(question).join(" "),
  );
}
