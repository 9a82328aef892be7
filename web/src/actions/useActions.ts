/** Key presses to handlers. One listener; what is typed into a field stays there. */
import { useEffect, useRef } from "react";
import type { ActionId, Scope } from "./keys";
import { lettersSearch } from "./letters";
import { actionOf, bindingsOf, isLetter } from "./match";
import { settings } from "./settings";

/** Return false where the action does not apply now, so that the browser keeps the key. */
export type Handler = (id: ActionId) => boolean | undefined;

const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable=true]";
const BUSY = "[role=dialog], [role=menu], [role=listbox]";
const NATIVE = new Set(["Space", "Enter"]);
/** Holding these down goes on; every other key acts again only after it came up. */
const REPEATS = /^(choice\.(next|previous|up|down)|zoom|bright|contrast|grid\.(left|right|up|down))/;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && (target.matches(TYPING) || target.closest(BUSY) !== null);
}

/** Space and Enter belong to a link or button that was reached by keyboard. */
function belongsToControl(event: KeyboardEvent): boolean {
  if (!(event.target instanceof Element) || !bindingsOf(event).some((key) => NATIVE.has(key))) return false;
  return event.target.closest("a, button, summary, input, [role=slider], [role=tab]") !== null;
}

/** A button that was clicked gives the focus back, so that Space still skips and Enter still submits. */
function releaseClicked(event: MouseEvent): void {
  const focused = document.activeElement;
  if (event.detail > 0 && focused instanceof HTMLElement && focused.matches("a, button") && !focused.closest(BUSY)) focused.blur();
}

export function useActions(scopes: readonly Scope[], handler: Handler): void {
  const latest = useRef({ scopes, handler });
  useEffect(() => {
    latest.current = { scopes, handler };
  });
  useEffect(() => {
    const down = new Set<string>();
    const onDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || belongsToControl(event)) return;
      if (lettersSearch() && isLetter(event)) {
        // The letter itself goes on into the box that has the focus now.
        document.querySelector<HTMLInputElement>("[data-live=true] input[data-label-search]")?.focus();
        return;
      }
      const id = actionOf({ ...pick(event), repeat: false }, latest.current.scopes, settings().keys, lettersSearch());
      // Some systems repeat a held key without saying so; hence the set of keys that are down.
      const held = event.repeat || down.has(event.code);
      down.add(event.code);
      if (id === null) return;
      if (held && !REPEATS.test(id)) event.preventDefault();
      else if (latest.current.handler(id) !== false) event.preventDefault();
    };
    const onUp = (event: KeyboardEvent) => {
      down.delete(event.code);
      // macOS sends no keyup for letters while Cmd is down.
      if (event.key === "Meta") down.clear();
    };
    const onBlur = () => {
      down.clear();
    };
    window.addEventListener("keydown", onDown);
    window.addEventListener("keyup", onUp);
    window.addEventListener("blur", onBlur);
    window.addEventListener("click", releaseClicked);
    return () => {
      window.removeEventListener("keydown", onDown);
      window.removeEventListener("keyup", onUp);
      window.removeEventListener("blur", onBlur);
      window.removeEventListener("click", releaseClicked);
    };
  }, []);
}

function pick(event: KeyboardEvent) {
  const { key, code, ctrlKey, metaKey, shiftKey, altKey, isComposing } = event;
  return { key, code, ctrlKey, metaKey, shiftKey, altKey, isComposing };
}
