/** From a key press to an action: pure, so that layouts and guards can be tested without a browser. */
import { KEYS, type ActionId, type KeyAction, type Scope } from "./keys";

export interface Press {
  key: string;
  code: string;
  ctrlKey?: boolean;
  metaKey?: boolean;
  shiftKey?: boolean;
  altKey?: boolean;
  repeat?: boolean;
  isComposing?: boolean;
}

/** Bindings that a person has changed, by action. */
export type Overrides = Partial<Record<ActionId, readonly string[]>>;

const PUNCTUATION: Record<string, string> = {
  BracketLeft: "[",
  BracketRight: "]",
  Comma: ",",
  Period: ".",
  Slash: "/",
  Minus: "-",
  Equal: "=",
  NumpadAdd: "+",
  NumpadSubtract: "-",
};

/** All ways to write this press as a binding, the surest first. */
export function bindingsOf(press: Press): string[] {
  if (press.altKey) return [];
  const mod = press.ctrlKey || press.metaKey ? "Mod+" : "";
  const shift = press.shiftKey ? "Shift+" : "";
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1];
  if (digit !== undefined) return [`${mod}${shift}${digit}`];
  if (press.key === " " || press.code === "Space") return [`${mod}${shift}Space`];
  const key = press.key;
  if (key.length > 1) return [`${mod}${shift}${key}`];
  const letter = /^[a-z]$/i.test(key) ? key.toLowerCase() : /^Key([A-Z])$/.exec(press.code)?.[1]?.toLowerCase();
  if (letter !== undefined) return [`${mod}${shift}${letter}`];
  // What is printed first ("?" needs Shift on some layouts), then the physical key.
  const physical = PUNCTUATION[press.code];
  return physical === undefined ? [`${mod}${key}`] : [`${mod}${key}`, `${mod}${shift}${physical}`];
}

export function keysOf(action: KeyAction, overrides: Overrides): readonly string[] {
  return overrides[action.id] ?? action.keys;
}

/** A letter alone, which may begin a search. */
export function isLetter(press: Press): boolean {
  return !press.ctrlKey && !press.metaKey && !press.altKey && /^\p{L}$/u.test(press.key);
}

/**
 * The action meant by a press within the scopes that are active, later scopes winning; null if none.
 * Where letters search, actions need Alt with their letter.
 */
export function actionOf(press: Press, scopes: readonly Scope[], overrides: Overrides = {}, lettersSearch = false): ActionId | null {
  if (press.repeat || press.isComposing) return null;
  if (lettersSearch && isLetter(press)) return null;
  const meant = lettersSearch && press.altKey && press.code.startsWith("Key") ? { ...press, altKey: false, key: press.code.slice(3).toLowerCase() } : press;
  for (const binding of bindingsOf(meant)) {
    for (const scope of [...scopes].reverse()) {
      const match = KEYS.find((action) => action.scope === scope && keysOf(action, overrides).includes(binding));
      if (match) return match.id;
    }
  }
  return null;
}

/** Actions of overlapping scopes that would answer to the same binding. */
export function clash(id: ActionId, binding: string, overrides: Overrides): KeyAction | null {
  const own = KEYS.find((action) => action.id === id);
  const near: Scope[] = own?.scope === "grid" ? ["grid", "global"] : ["global", "label", "image"];
  return (
    KEYS.find((other) => other.id !== id && near.includes(other.scope) && keysOf(other, overrides).includes(binding)) ?? null
  );
}

const SHOWN: Record<string, string> = {
  Space: "␣",
  Enter: "⏎",
  Backspace: "⌫",
  Escape: "Esc",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Shift: "⇧",
  Tab: "⇥",
};

/** A binding as it stands on a key cap. */
export function shown(binding: string, mac = false): string {
  return binding
    .split(/\+(?=.)/)
    .map((part) => (part === "Mod" ? (mac ? "⌘" : "Ctrl") : (SHOWN[part] ?? part)))
    .join(" ");
}
