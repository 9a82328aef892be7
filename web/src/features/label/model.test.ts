import { describe, expect, it } from "vitest";
import type { Item, Lease } from "@/api/types";
import { START, step, type Event, type State } from "./model";

const item = (id: string): Item => ({ id, key: id, source: "s", content: { kind: "text", text: id } });
const lease = (id: string, minutes = 5): Lease => ({ id: `le_${id}`, item: item(id), question: "q", expires_at: new Date(minutes * 60_000).toISOString() });
const queue = (...ids: string[]): Event => ({ type: "arrived", leases: ids.map((id) => lease(id)), left: 10, emptyBecause: null });
const answer = (answerId: string, label = "l_1", kind: "answer" | "skip" | "flag" = "answer"): Event => ({
  type: "finish", kind, answerId, seconds: 1.234, ...(kind === "answer" ? { label: { label } } : {}), summary: label, preview: "",
});

function run(state: State, ...events: Event[]) {
  const send = [];
  for (const event of events) {
    const next = step(state, event);
    state = next.state;
    send.push(...next.send);
  }
  return { state, send };
}
const undo = (state: State, answerId: string, unsent = false): Event => {
  const target = state.done[0];
  if (!target) throw new Error("nothing to undo");
  return { type: "undo", target, item: target.item ?? item(target.itemId), answerId, unsent };
};

describe("the queue", () => {
  it("shows the first lease and keeps the order", () => {
    const { state } = run(START, queue("a", "b", "c"));
    expect(state.current?.item.id).toBe("a");
    expect(state.queue.map((card) => card.item.id)).toEqual(["b", "c"]);
  });

  it("takes no item twice, and none that was answered but is not yet saved", () => {
    const { state } = run(START, queue("a", "b"), answer("1"), queue("a", "b", "c"));
    expect([state.current?.item.id, ...state.queue.map((card) => card.item.id)]).toEqual(["b", "c"]);
  });

  it("does not change what is shown when more arrives", () => {
    const before = run(START, queue("a")).state;
    const { state } = run(before, queue("x", "a"));
    expect(state.current?.item.id).toBe("a");
    expect(state.shown).toBe(before.shown);
  });

  it("drops leases that ran out, but never the item in front of the person", () => {
    const { state } = run(START, queue("a", "b"), { type: "prune", now: 10 * 60_000 });
    expect(state.current?.item.id).toBe("a");
    expect(state.queue).toEqual([]);
  });
});

describe("answers", () => {
  it("sends the answer with its lease and moves on", () => {
    const { state, send } = run(START, queue("a", "b"), { type: "reason", text: " because " }, answer("1"));
    expect(send).toEqual([
      { answer_id: "1", lease_id: "le_a", item_id: "a", kind: "answer", answer: { label: "l_1" }, reason: "because", replaces: null, seconds: 1.23 },
    ]);
    expect(state).toMatchObject({ current: { item: { id: "b" } }, draft: null, reason: "", given: 1, left: 9 });
  });

  it("does nothing without an answer or an item", () => {
    expect(run(START, answer("1")).send).toEqual([]);
    expect(run(START, queue("a"), { type: "finish", kind: "answer", answerId: "1", seconds: 1, summary: "", preview: "" }).send).toEqual([]);
  });

  it("skips and flags without an answer", () => {
    const { send } = run(START, queue("a", "b"), answer("1", "", "skip"), answer("2", "", "flag"));
    expect(send.map((one) => [one.kind, one.answer])).toEqual([["skip", null], ["flag", null]]);
  });
});

describe("undo", () => {
  it("goes back across items and asks again without a lease", () => {
    const two = run(START, queue("a", "b", "c"), answer("1"), answer("2", "l_2")).state;
    const once = run(two, undo(two, "u1"));
    expect(once.send).toMatchObject([{ kind: "undo", item_id: "b", replaces: "local:2", lease_id: null }]);
    const twice = run(once.state, undo(once.state, "u2"));
    expect(twice.send).toMatchObject([{ kind: "undo", item_id: "a", replaces: "local:1" }]);
    expect(twice.state).toMatchObject({ current: { item: { id: "a" }, mode: "again" }, draft: { label: "l_1" }, given: 0 });
    const again = run(twice.state, answer("3", "l_5"));
    expect(again.send).toMatchObject([{ kind: "answer", item_id: "a", lease_id: null, replaces: null, answer: { label: "l_5" } }]);
    expect([again.state.current?.item.id, ...again.state.queue.map((card) => card.item.id)]).toEqual(["b", "c"]);
  });

  it("names the stored annotation once its receipt is there", () => {
    const { state } = run(START, queue("a", "b"), answer("1"), { type: "saved", answerId: "1", annotationId: "an_9" });
    expect(run(state, undo(state, "u")).send).toMatchObject([{ replaces: "an_9" }]);
  });

  it("sends nothing for an answer that never left", () => {
    const { state } = run(START, queue("a", "b"), answer("1"));
    const back = run(state, undo(state, "u", true));
    expect(back.send).toEqual([]);
    expect(back.state.current?.leaseId).toBe("le_a");
  });

  it("reaches answers of an earlier visit", () => {
    const old = { id: "an_1", item_id: "z", key: "z", kind: "answer" as const, answer: { label: "l_1" }, summary: "1", at: "", standing: true, preview: "" };
    const { state } = run(START, { type: "recent", annotations: [old, { ...old, id: "an_0", standing: false }] });
    expect(state.done.map((done) => done.ref)).toEqual(["an_1"]);
    expect(run(state, undo(state, "u")).state.current?.item.id).toBe("z");
  });
});

describe("corrections", () => {
  const { state } = run(START, queue("a", "b", "c"), answer("1"), { type: "saved", answerId: "1", annotationId: "an_1" });
  const target = state.done[0];
  if (!target) throw new Error("no answer");
  const recalled = run(state, { type: "recall", target, item: item("a") });

  it("send nothing until there is a new answer, then replace the old one", () => {
    expect(recalled.send).toEqual([]);
    expect(recalled.state.current).toMatchObject({ mode: "correct", item: { id: "a" } });
    const fixed = run(recalled.state, answer("2", "l_3"));
    expect(fixed.send).toMatchObject([{ kind: "correct", replaces: "an_1", answer: { label: "l_3" } }]);
    expect(fixed.state.done.map((done) => done.ref)).toEqual(["2"]);
    expect(fixed.state.current?.item.id).toBe("b");
    expect(fixed.state.given).toBe(1);
  });

  it("can be left without a trace", () => {
    const left = run(recalled.state, { type: "leave" });
    expect(left.state.current?.item.id).toBe("b");
    expect(left.state.done).toHaveLength(1);
  });

  it("cannot be skipped", () => {
    expect(run(recalled.state, answer("2", "", "skip")).send).toEqual([]);
  });
});
