/** Whether letters search the labels, where there are too many for digits; actions then need Alt with their letter. */
import { useSyncExternalStore } from "react";

let searching = false;
const listeners = new Set<() => void>();

export function lettersSearch(): boolean {
  return searching;
}

export function setLettersSearch(on: boolean): void {
  if (on === searching) return;
  searching = on;
  for (const listener of listeners) listener();
}

export function useLettersSearch(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    lettersSearch,
  );
}
