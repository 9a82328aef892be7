/** Keeps an accidental second press from answering the item that has just come up. */
import { useCallback, useLayoutEffect, useRef, type RefObject } from "react";
import { isTooSoon } from "./guard";

export interface Guard {
  /** Whether what is shown has not been seen long enough for an answer to be meant. */
  tooSoon: () => boolean;
  /** To what is shown: `data-settled` says that answers are taken. */
  pane: RefObject<HTMLElement | null>;
}

/** `shown` changes with what is on the screen; where the person `asked` for it, nothing is held back. */
export function useGuard(shown: number, asked = false): Guard {
  const painted = useRef<number | null>(null);
  const pane = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    painted.current = asked ? -Infinity : null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      const soon = isTooSoon(painted.current, performance.now());
      if (pane.current) pane.current.toggleAttribute("data-settled", !soon);
      if (soon && painted.current !== null) timer = setTimeout(settle, 20);
    };
    settle();
    // What is drawn in a frame is on the screen after it.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => {
        painted.current ??= performance.now();
        settle();
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [shown, asked]);
  const tooSoon = useCallback(() => isTooSoon(painted.current, performance.now()), []);
  return { tooSoon, pane };
}
