import { describe, expect, it } from "vitest";
import type { Item, Lease } from "@/api/types";
import { START, step, type Event, type State } from "./model";

const item = (id: string): Item => ({ id, key: id, source: "s", content: { kind: "text", text: id } });
const lease = (id: string, minutes = 5): Lease => ({ id: `le_${id}`, item: item(id), question: "q", questions: ["q"], answered: {}, expires_at: new Date(minutes * 60_000).toISOString() });
const queue = (...ids: string[]): Event => ({ type: "arrived", leases: ids.map((id) => lease(id)), left: 10, emptyBecause: null, now: 0 });
const answer = (answerId: string, label = "l_1"): Event => finish("answer", [["q", answerId, label]]);
const finish = (kind: "answer" | "skip" | "flag", answers: [question: string | null, answerId: string, label: string | null][]): Event => ({
  type: "finish", kind, seconds: 1.234, preview: "",
  answers: answers.map(([question, answerId, label]) => ({ question, answerId, label: label === null ? null : { label }, summary: label ?? kind })),
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
  return { type: "undo", target, item: target.item ?? item(target.itemId), answerIds: target.given.map((_, i) => (i === 0 ? answerId : `${answerId}${i}`)), unsent };
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
      { answer_id: "1", lease_id: "le_a", item_id: "a", question: "q", kind: "answer", answer: { label: "l_1" }, reason: "because", replaces: null, seconds: 1.23 },
    ]);
    expect(state).toMatchObject({ current: { item: { id: "b" } }, drafts: {}, reason: "", given: 1, left: 9 });
  });

  it("does nothing without an answer or an item", () => {
    expect(run(START, answer("1")).send).toEqual([]);
    expect(run(START, queue("a"), finish("answer", [])).send).toEqual([]);
  });

  it("skips and flags without an answer", () => {
    const { send } = run(START, queue("a", "b"), finish("skip", [[null, "1", null]]), finish("flag", [[null, "2", null]]));
    expect(send.map((one) => [one.kind, one.question, one.answer])).toEqual([["skip", null, null], ["flag", null, null]]);
  });
});

describe("undo", () => {
  it("goes back across items and asks again without a lease", () => {
    const two = run(START, queue("a", "b", "c"), answer("1"), answer("2", "l_2")).state;
    const once = run(two, undo(two, "u1"));
    expect(once.send).toMatchObject([{ kind: "undo", item_id: "b", replaces: "local:2", lease_id: null }]);
    const twice = run(once.state, undo(once.state, "u2"));
    expect(twice.send).toMatchObject([{ kind: "undo", item_id: "a", replaces: "local:1" }]);
    expect(twice.state).toMatchObject({ current: { item: { id: "a" }, mode: "again" }, drafts: { q: { label: "l_1" } }, given: 0 });
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
    const old = { id: "an_1", item_id: "z", question: "q", key: "z", kind: "answer" as const, answer: { label: "l_1" }, summary: "1", at: "", standing: true, preview: "" };
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
    expect(run(recalled.state, finish("skip", [[null, "2", null]])).send).toEqual([]);
  });
});

describe("several questions", () => {
  const both = (one: string, two: string, a = "l_1", b = "l_2"): Event => finish("answer", [["q", one, a], ["r", two, b]]);

  it("send one annotation each, share the seconds, and the note goes with the first", () => {
    const { state, send } = run(START, queue("a", "b"), { type: "reason", text: "blurred" }, both("1", "2"));
    expect(send.map((one) => [one.answer_id, one.question, one.answer, one.reason, one.seconds])).toEqual([
      ["1", "q", { label: "l_1" }, "blurred", 0.62],
      ["2", "r", { label: "l_2" }, null, 0.62],
    ]);
    expect(state).toMatchObject({ given: 1, left: 9, current: { item: { id: "b" } } });
    expect(state.done).toHaveLength(1);
  });

  it("a draft stays with its question and says where the keys go", () => {
    const { state } = run(START, queue("a"), { type: "draft", question: "q", label: { label: "l_1" }, focus: "r" });
    expect([state.drafts, state.focus]).toEqual([{ q: { label: "l_1" } }, "r"]);
    const cleared = run(state, { type: "draft", question: "q", label: null }).state;
    expect([cleared.drafts, cleared.focus]).toEqual([{}, "q"]);
    expect(run(state, answer("1"), queue("b")).state).toMatchObject({ drafts: {}, focus: null });
  });

  it("undo takes back all answers of the last item", () => {
    const { state } = run(START, queue("a", "b"), both("1", "2"), { type: "saved", answerId: "2", annotationId: "an_2" });
    const back = run(state, undo(state, "u"));
    expect(back.send.map((one) => [one.answer_id, one.kind, one.question, one.replaces])).toEqual([
      ["u", "undo", "q", "local:1"],
      ["u1", "undo", "r", "an_2"],
    ]);
    expect(back.state).toMatchObject({ drafts: { q: { label: "l_1" }, r: { label: "l_2" } }, current: { standing: {}, mode: "again" }, given: 0 });
  });

  it("a correction replaces only what changed, and can be corrected again", () => {
    const { state } = run(START, queue("a", "b"), both("1", "2"), { type: "saved", answerId: "1", annotationId: "an_1" });
    const [target] = state.done;
    if (!target) throw new Error("no answer");
    const fixed = run(state, { type: "recall", target, item: item("a") }, both("3", "4", "l_1", "l_9"));
    expect(fixed.send.map((one) => [one.question, one.kind, one.replaces, one.lease_id])).toEqual([["r", "correct", "local:2", null]]);
    expect(fixed.state.done[0]?.given.map((one) => [one.question, one.ref, one.kind])).toEqual([["q", "1", "answer"], ["r", "4", "correct"]]);
    expect(run(state, { type: "recall", target, item: item("a") }, both("3", "4")).send).toEqual([]);
  });

  it("what stands already is shown, and sent only where it changes", () => {
    const half = { ...lease("a"), questions: ["q", "r"], answered: { q: { id: "an_7", answer: { label: "l_1" } } } };
    const { state } = run(START, { type: "arrived", leases: [half], left: 1, emptyBecause: null, now: 0 });
    expect(state.drafts).toEqual({ q: { label: "l_1" } });
    const kept = run(state, both("1", "2"));
    expect(kept.send.map((one) => [one.question, one.kind, one.lease_id, one.seconds])).toEqual([["r", "answer", "le_a", 1.23]]);
    const changed = run(state, both("1", "2", "l_5"));
    expect(changed.send.map((one) => [one.question, one.kind, one.replaces])).toEqual([["q", "correct", "an_7"], ["r", "answer", null]]);
    const back = run(kept.state, undo(kept.state, "u"));
    expect(back.send.map((one) => [one.question, one.kind])).toEqual([["r", "undo"]]);
    expect(back.state.current?.standing).toEqual({ q: "an_7" });
  });

  it("answers of an earlier visit come back item by item", () => {
    const old = (id: string, question: string, item_id: string) => ({ id, item_id, question, key: item_id, kind: "answer" as const, answer: { label: "l_1" }, summary: "1", at: "", standing: true, preview: "" });
    const { state } = run(START, { type: "recent", annotations: [old("4", "q", "z"), old("3", "r", "z"), old("2", "q", "y")] });
    expect(state.done.map((done) => [done.itemId, done.given.length])).toEqual([["z", 2], ["y", 1]]);
  });

  it("a refused item is no answer any more", () => {
    const { state } = run(START, queue("a", "b"), both("1", "2"), { type: "refused", answerId: "1" }, { type: "refused", answerId: "2" });
    expect(state.done).toEqual([]);
  });
});

describe("what the person wrote", () => {
  const noted = (id: string): Event[] => [{ type: "reason", text: " two readings " }, answer(id)];

  it("goes with the answer, and comes back with it as the note of the next one", () => {
    const { state, send } = run(START, queue("a", "b"), ...noted("1"));
    expect(send[0]?.reason).toBe("two readings");
    const back = run(state, undo(state, "u")).state;
    expect(back.current?.words).toEqual({ kind: "note", text: "two readings" });
    expect(run(back, answer("2")).send[0]?.reason).toBe("two readings");
    expect(run(back, { type: "reason", text: "" }, answer("2")).send[0]?.reason).toBeNull();
  });

  it("of a skip is shown when the item comes back, and is no note of the answer", () => {
    const { state } = run(START, queue("a", "b"), { ...finish("skip", [[null, "1", null]]), reason: "cannot tell" } as Event);
    const back = run(state, undo(state, "u")).state;
    expect(back.current?.words).toEqual({ kind: "skip", text: "cannot tell" });
    expect([back.reason, run(back, answer("2")).send[0]?.reason]).toEqual(["", null]);
  });

  it("can be corrected alone", () => {
    const { state } = run(START, queue("a", "b"), ...noted("1"));
    const [target] = state.done;
    if (!target) throw new Error("no answer");
    const open: Event = { type: "recall", target, item: item("a") };
    expect(run(state, open, answer("2")).send).toEqual([]);
    expect(run(state, open, { type: "reason", text: "one" }, answer("2")).send.map((one) => [one.kind, one.reason])).toEqual([["correct", "one"]]);
  });

  it("comes back from an earlier visit", () => {
    const old = { id: "1", item_id: "z", question: null, key: "z", kind: "flag" as const, answer: null, summary: "", at: "", standing: true, preview: "", reason: "cut off" };
    const { state } = run(START, { type: "recent", annotations: [old] });
    expect(run(state, undo(state, "u")).state.current?.words).toEqual({ kind: "flag", text: "cut off" });
  });
});

it("knows whether the person asked for the item that is shown", () => {
  const { state } = run(START, queue("a", "b"), answer("1"));
  expect(state.asked).toBe(false);
  const back = run(state, undo(state, "u")).state;
  expect(back.asked).toBe(true);
  expect(run(back, answer("2")).state.asked).toBe(false);
});

it("drops what ran out only when the server has said what is left", () => {
  const { state } = run(START, queue("a", "b", "c"));
  const after = run(state, { type: "arrived", leases: [lease("c", 30)], left: 1, emptyBecause: null, now: 10 * 60_000 }).state;
  expect([after.current?.item.id, ...after.queue.map((card) => card.item.id)]).toEqual(["a", "c"]);
});
