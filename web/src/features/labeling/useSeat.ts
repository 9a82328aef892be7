/** Joins the rules of the seat with a channel between the tabs of one browser. */
import { useCallback, useEffect, useRef, useState } from "react";
import { hear, sit, type Message, type Seat, type Turn } from "./seat";
import { uuid } from "@/api/uuid";

/**
 * Calls when the tab that has the lock is gone, however it ended, and this one is next. Browsers have locks on https and
 * on this machine only; elsewhere the good-bye of the other tab must do. Gives a function that steps back in the line.
 */
function waitInLine(name: string, onFirst: () => void): { back: () => void; leave: () => void } {
  // Undefined on plain http, whatever its type says.
  if (navigator.locks === undefined) return { back: () => undefined, leave: () => undefined };
  let release: () => void = () => undefined;
  const gone = new AbortController();
  const wait = () => {
    const held = new Promise<void>((resolve) => (release = resolve));
    navigator.locks
      .request(name, { signal: gone.signal }, () => {
        onFirst();
        return held;
      })
      .catch(() => undefined); // this page was left while it waited
  };
  wait();
  const back = () => {
    release();
    wait();
  };
  const leave = () => {
    gone.abort();
    release();
  };
  return { back, leave };
}

/** Whether this tab labels, by the name of what is labeled by whom; `take` brings it here. */
export function useSeat(name: string): { at: Seat["at"]; take: () => void } {
  const [at, setAt] = useState<Seat["at"]>("here");
  const say = useRef<(type: "take") => void>(() => undefined);
  useEffect(() => {
    if (typeof BroadcastChannel === "undefined") return;
    const full = `labelwright.label.${name}`;
    const channel = new BroadcastChannel(full);
    let seat = sit(uuid(), Date.now(), "hello").seat;
    const turn = (next: Turn) => {
      const stepsBack = seat.at === "here" && next.seat.at === "moved";
      seat = next.seat;
      if (stepsBack) line.back();
      setAt(seat.at);
      if (next.say) channel.postMessage(next.say);
    };
    const leave = () => {
      if (seat.at === "here") channel.postMessage({ type: "bye", tab: seat.tab } satisfies Message);
    };
    // A page that comes back from the browser's cache has said good-bye; it asks again.
    const back = (event: PageTransitionEvent) => {
      if (event.persisted) turn(sit(seat.tab, Date.now(), "hello"));
    };
    channel.onmessage = (event: MessageEvent<Message>) => turn(hear(seat, event.data, Date.now()));
    say.current = (type) => turn(sit(seat.tab, Date.now(), type));
    const line = waitInLine(full, () => turn(hear(seat, { type: "bye", tab: "" }, Date.now())));
    turn(sit(seat.tab, Date.now(), "hello"));
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", back);
    return () => {
      leave();
      line.leave();
      channel.close();
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("pageshow", back);
    };
  }, [name]);
  const take = useCallback(() => say.current("take"), []);
  return { at, take };
}
