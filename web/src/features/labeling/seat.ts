/**
 * One person labels one project in one tab of a browser at a time: who has the seat, and what the tabs tell each other.
 * Pure; `useSeat.ts` brings time and channel.
 */
export interface Seat {
  /** This tab. */
  tab: string;
  /** `here`: this tab labels. `elsewhere`: another tab did when this one was opened. `moved`: another tab took over. */
  at: "here" | "elsewhere" | "moved";
  /** Since when this tab has, or asks for, the seat. */
  since: number;
}

export type Message =
  /** A tab was opened and labels, unless another one answers. */
  | { type: "hello"; tab: string; since: number }
  /** A tab labels already. */
  | { type: "taken"; tab: string; since: number }
  /** The person wants to label in this tab. */
  | { type: "take"; tab: string; since: number }
  /** The tab that labels was closed or left the page. */
  | { type: "bye"; tab: string };

export interface Turn {
  seat: Seat;
  say: Message | null;
}

/** A tab that answers later than this was asleep: whoever has labeled meanwhile keeps the seat. */
export const ANSWERS_WITHIN_MS = 2000;

/** The page is opened, or the person, or the end of another tab, brings the seat back. */
export function sit(tab: string, now: number, type: "hello" | "take"): Turn {
  return { seat: { tab, at: "here", since: now }, say: { type, tab, since: now } };
}

export function hear(seat: Seat, message: Message, now: number): Turn {
  const stay: Turn = { seat, say: null };
  if (message.tab === seat.tab) return stay;
  switch (message.type) {
    case "hello": {
      if (seat.at !== "here") return stay;
      // Of two that were opened at once, the first keeps the seat.
      const isFirst = seat.since < message.since || (seat.since === message.since && seat.tab < message.tab);
      return isFirst ? { seat, say: { type: "taken", tab: seat.tab, since: seat.since } } : stay;
    }
    case "taken":
      if (seat.at !== "here") return stay;
      if (now - seat.since <= ANSWERS_WITHIN_MS) return { seat: { ...seat, at: "elsewhere" }, say: null };
      return { seat, say: { type: "take", tab: seat.tab, since: seat.since } };
    case "take":
      return seat.at === "here" ? { seat: { ...seat, at: "moved" }, say: null } : stay;
    case "bye":
      return seat.at === "here" ? stay : sit(seat.tab, now, "hello");
  }
}
