/** Joins the rules of the seat with a channel between the tabs of one browser. */
import { useCallback, useEffect, useRef, useState } from "react";
import { hear, sit, type Message, type Seat, type Turn } from "./seat";
import { uuid } from "./uuid";

/** Whether this tab labels, by the name of what is labeled by whom; `take` brings it here. */
export function useSeat(name: string): { at: Seat["at"]; take: () => void } {
  const [at, setAt] = useState<Seat["at"]>("here");
  const say = useRef<(type: "take") => void>(() => undefined);
  useEffect(() => {
    if (typeof BroadcastChannel === "undefined") return;
    const channel = new BroadcastChannel(`labelwright.label.${name}`);
    let seat: Seat;
    const turn = (next: Turn) => {
      seat = next.seat;
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
    turn(sit(uuid(), Date.now(), "hello"));
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", back);
    return () => {
      leave();
      channel.close();
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("pageshow", back);
    };
  }, [name]);
  const take = useCallback(() => say.current("take"), []);
  return { at, take };
}
