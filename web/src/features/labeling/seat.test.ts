import { expect, it } from "vitest";
import { hear, sit, type Message, type Seat } from "./seat";

/** Tabs of one person, and the channel between them. */
function tabs() {
  const seats = new Map<string, Seat>();
  const asleep = new Set<string>();
  const missed: Message[] = [];
  let now = 0;
  const tell = (message: Message) => {
    for (const [tab, seat] of seats) {
      if (tab === message.tab) continue;
      if (asleep.has(tab)) missed.push(message);
      else apply(tab, hear(seat, message, now));
    }
  };
  const apply = (tab: string, turn: { seat: Seat; say: Message | null }) => {
    seats.set(tab, turn.seat);
    if (turn.say) tell(turn.say);
  };
  return {
    open: (tab: string) => apply(tab, sit(tab, (now += 10_000), "hello")),
    take: (tab: string) => apply(tab, sit(tab, (now += 10_000), "take")),
    close: (tab: string) => {
      const here = seats.get(tab)?.at === "here";
      seats.delete(tab);
      if (here) tell({ type: "bye", tab });
    },
    sleep: (tab: string) => asleep.add(tab),
    wake: (tab: string) => {
      asleep.delete(tab);
      now += 60_000;
      for (const message of missed.splice(0)) apply(tab, hear(seats.get(tab) ?? sit(tab, now, "hello").seat, message, now));
    },
    at: () => Object.fromEntries([...seats].map(([tab, seat]) => [tab, seat.at])),
  };
}

it("lets the first tab go on and tells the second", () => {
  const all = tabs();
  all.open("a");
  all.open("b");
  expect(all.at()).toEqual({ a: "here", b: "elsewhere" });
});

it("moves the seat to the tab where the person wants it, and back", () => {
  const all = tabs();
  all.open("a");
  all.open("b");
  all.take("b");
  expect(all.at()).toEqual({ a: "moved", b: "here" });
  all.take("a");
  expect(all.at()).toEqual({ a: "here", b: "moved" });
});

it("goes on in a waiting tab, and in one only, when the other is closed", () => {
  const all = tabs();
  for (const tab of ["a", "b", "c"]) all.open(tab);
  all.close("a");
  expect(Object.values(all.at()).filter((at) => at === "here")).toHaveLength(1);
});

it("keeps the seat where the person has been working while another tab was asleep", () => {
  const all = tabs();
  all.open("a");
  all.sleep("a");
  all.open("b");
  expect(all.at()).toEqual({ a: "here", b: "here" });
  all.wake("a");
  expect(all.at()).toEqual({ a: "moved", b: "here" });
});
