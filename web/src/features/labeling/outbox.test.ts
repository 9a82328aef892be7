import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Outgoing } from "./state";
import { Outbox, type Box, type Entry, type Outcome } from "./outbox";

const body = (id: string, more: Partial<Outgoing> = {}): Outgoing => ({
  answer_id: id, lease_id: null, item_id: `i_${id}`, question: "q", kind: "answer", answer: { label: "l" }, reason: null, replaces: null, seconds: 1, ...more,
});

class Memory implements Box {
  kept = new Map<string, string>();
  load = () => [...this.kept.values()].map((text) => JSON.parse(text) as Entry);
  save(entry: Entry) {
    this.kept.set(entry.id, JSON.stringify(entry));
    return true;
  }
  remove(id: string) {
    this.kept.delete(id);
  }
}

/** A server whose answers the test decides. */
function server() {
  const seen: string[] = [];
  const stored: Outgoing[] = [];
  let mode: "up" | "down" | "refuse" = "up";
  const send = (entry: Entry): Promise<Outcome> => {
    seen.push(entry.id);
    if (mode === "down") return Promise.resolve({ type: "later", offline: true });
    if (mode === "refuse") return Promise.resolve({ type: "refused", message: "no", hint: "" });
    stored.push(...entry.bodies);
    return Promise.resolve({ type: "stored", receipts: entry.bodies.map((one) => ({ answerId: one.answer_id, annotationId: `an_${one.answer_id}` })) });
  };
  return { send, seen, stored, set: (next: typeof mode) => (mode = next) };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

it("sends in order and forgets what is stored", async () => {
  const [memory, there] = [new Memory(), server()];
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  outbox.add("s", [body("1")], "");
  outbox.add("s", [body("2")], "");
  expect(memory.kept.size).toBe(2);
  await settle();
  expect(there.seen).toEqual(["1", "2"]);
  expect(memory.kept.size).toBe(0);
  expect(outbox.current().unsaved).toBe(0);
});

it("tries again while the network is down, and keeps everything across a restart", async () => {
  const [memory, there] = [new Memory(), server()];
  there.set("down");
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  outbox.add("s", [body("1")], "");
  outbox.add("t", [body("2")], "");
  await settle(60_000);
  expect(outbox.current()).toMatchObject({ unsaved: 2, offline: true });
  there.set("up");
  const later = new Outbox(memory, there.send);
  later.open("p");
  await settle();
  expect(there.stored.map((one) => one.answer_id)).toEqual(["1", "2"]);
  expect(memory.kept.size).toBe(0);
});

it("sends nobody else's answers", async () => {
  const [memory, there] = [new Memory(), server()];
  there.set("down");
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  outbox.add("s", [body("1")], "");
  await settle();
  there.set("up");
  outbox.open("q");
  await settle(60_000);
  expect(there.stored).toEqual([]);
  outbox.open("p");
  await settle();
  expect(there.stored).toHaveLength(1);
});

it("keeps what is refused until it is dismissed, and goes on with the rest", async () => {
  const [memory, there] = [new Memory(), server()];
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  there.set("refuse");
  outbox.add("s", [body("1")], "one");
  await settle();
  there.set("up");
  outbox.add("s", [body("2")], "two");
  await settle();
  expect(outbox.current()).toMatchObject({ unsaved: 0, refused: [{ id: "1", refused: { message: "no" } }] });
  expect(there.stored.map((one) => one.answer_id)).toEqual(["2"]);
  outbox.dismiss("1");
  expect(memory.kept.size).toBe(0);
});

it("an undo names the stored annotation, also after a restart in between", async () => {
  const [memory, there] = [new Memory(), server()];
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  outbox.add("s", [body("1")], "");
  outbox.add("s", [body("u", { kind: "undo", replaces: "local:1" })], "");
  await settle();
  expect(there.stored[1]).toMatchObject({ kind: "undo", replaces: "an_1" });
});

it("an undo of what was refused is not sent", async () => {
  const [memory, there] = [new Memory(), server()];
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  there.set("refuse");
  outbox.add("s", [body("1")], "");
  await settle();
  there.set("up");
  outbox.add("s", [body("u", { kind: "undo", replaces: "local:1" })], "");
  await settle();
  expect(there.seen).toEqual(["1"]);
  expect(outbox.current().unsaved).toBe(0);
});

it("takes back only what was never tried", async () => {
  const [memory, there] = [new Memory(), server()];
  there.set("down");
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  outbox.add("s", [body("1")], "");
  outbox.add("s", [body("2")], "");
  await settle();
  expect(outbox.cancel(["1"])).toBe(false);
  expect(outbox.cancel(["2"])).toBe(true);
  expect(outbox.current().unsaved).toBe(1);
});

it("takes back the answers of an item as a whole or not at all", async () => {
  const [memory, there] = [new Memory(), server()];
  there.set("down");
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  outbox.add("s", [body("1")], "");
  outbox.add("s", [body("2", { item_id: "i" }), body("3", { item_id: "i" })], "");
  await settle();
  expect(outbox.current().unsaved).toBe(2);
  expect(outbox.cancel(["2"])).toBe(false);
  expect(outbox.cancel(["2", "3"])).toBe(true);
  expect([...memory.kept.keys()]).toEqual(["1"]);
});

it("repeats the answers of an item under the ids that it has written to storage", async () => {
  const [memory, there] = [new Memory(), server()];
  there.set("down");
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  outbox.add("s", [body("1", { question: "a" }), body("2", { question: "b" })], "");
  expect(memory.load()[0]?.bodies.map((one) => one.answer_id)).toEqual(["1", "2"]);
  await settle(5000);
  there.set("up");
  await settle(60_000);
  expect(there.seen.length).toBeGreaterThan(1);
  expect(new Set(there.seen)).toEqual(new Set(["1"]));
  expect(there.stored.map((one) => [one.answer_id, one.question])).toEqual([["1", "a"], ["2", "b"]]);
});

it("sends what version 0.2 has left in the browser's storage as it was written", async () => {
  const [memory, there] = [new Memory(), server()];
  const old =
    '{"id":"5c","person":"p","slug":"s","bodies":[{"answer_id":"5c","lease_id":"le_1","item_id":"i7","kind":"answer","answer":{"label":"l_2"},"reason":null,"replaces":null,"seconds":2.5}],"title":"t007","at":1700000000000,"attempts":3,"refused":null}';
  memory.kept.set("5c", old);
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  await settle();
  expect(there.stored).toEqual((JSON.parse(old) as Entry).bodies);
  expect(memory.kept.size).toBe(0);
});

it("counts the items of a project that were answered and are not stored yet", async () => {
  const [memory, there] = [new Memory(), server()];
  there.set("down");
  const outbox = new Outbox(memory, there.send);
  outbox.open("p");
  outbox.add("s", [body("1"), body("2", { item_id: "i_1" })], "");
  outbox.add("s", [body("3", { kind: "skip" })], "");
  outbox.add("t", [body("4")], "");
  await settle();
  expect([outbox.unsavedOf("s"), outbox.unsavedOf("t"), outbox.unsavedOf("u")]).toEqual([1, 1, 0]);
});

it("does not wait again where the network came back while a try was under way", async () => {
  const memory = new Memory();
  const pending: ((outcome: Outcome) => void)[] = [];
  const outbox = new Outbox(memory, () => new Promise((resolve) => pending.push(resolve)));
  outbox.open("p");
  outbox.add("s", [body("1")], "");
  await settle();
  outbox.wake();
  pending[0]?.({ type: "later", offline: true });
  await settle();
  expect(pending).toHaveLength(2);
  pending[1]?.({ type: "later", offline: true });
  await settle();
  expect(pending).toHaveLength(2);
});
