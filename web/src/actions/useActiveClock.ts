/** Joins the clock of active seconds with what the person does on the page. */
import { useEffect, useRef, type RefObject } from "react";
import { ActiveClock } from "./clock";

const ACTIVITIES = ["keydown", "pointerdown", "pointermove", "wheel"] as const;

/** A clock that starts anew whenever `of` changes: the item that is shown, or the set of items in the grid. */
export function useActiveClock(of: number | string): RefObject<ActiveClock> {
  const clock = useRef(new ActiveClock(0));
  useEffect(() => {
    const active = new ActiveClock(Date.now());
    if (document.hidden) active.hide(Date.now());
    clock.current = active;
    const touch = () => active.touch(Date.now());
    const visibility = () => (document.hidden ? active.hide(Date.now()) : active.show(Date.now()));
    ACTIVITIES.forEach((name) => window.addEventListener(name, touch, { passive: true }));
    document.addEventListener("visibilitychange", visibility);
    return () => {
      ACTIVITIES.forEach((name) => window.removeEventListener(name, touch));
      document.removeEventListener("visibilitychange", visibility);
    };
  }, [of]);
  return clock;
}
