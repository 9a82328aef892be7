/** What a person sets for themself on this device: kept in localStorage, the same in all tabs. */
import { useSyncExternalStore } from "react";
import type { ActionId } from "./keys";
import type { Overrides } from "./match";

export interface Settings {
  /** Single choice: a digit selects, Enter submits. */
  askEnter: boolean;
  guidelinesOpen: boolean;
  /** Keep many items ready, so that labeling goes on without a network. */
  offline: boolean;
  /** How wide lines of texts are, and how large. */
  textWidth: "narrow" | "normal" | "wide";
  textSize: "small" | "normal" | "large";
  /** Lines that are too long are wrapped; off: as they came, to be scrolled. */
  wrap: boolean;
  /** Words to mark in texts, as typed: commas between them. */
  words: string;
  keys: Overrides;
}

const NAME = "labelwright.settings";
const DEFAULTS: Settings = { askEnter: false, guidelinesOpen: true, offline: false, textWidth: "normal", textSize: "normal", wrap: true, words: "", keys: {} };
const listeners = new Set<() => void>();

function read(): Settings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(NAME) ?? "{}") as Partial<Settings>) };
  } catch {
    return DEFAULTS;
  }
}

let current = read();

function tell(): void {
  for (const listener of listeners) listener();
}

window.addEventListener("storage", (event) => {
  if (event.key !== NAME) return;
  current = read();
  tell();
});

export function settings(): Settings {
  return current;
}

export function set(change: Partial<Settings>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(NAME, JSON.stringify(current));
  } catch {
    // kept for this visit only
  }
  tell();
}

export function remap(id: ActionId, keys: readonly string[] | null): void {
  const others: Overrides = { ...current.keys };
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a table keyed by action
  delete others[id];
  set({ keys: keys ? { ...others, [id]: keys } : others });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSettings(): Settings {
  return useSyncExternalStore(subscribe, settings);
}
