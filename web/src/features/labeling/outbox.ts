/**
 * Answers on their way to the server. Each is written to the browser's storage before anything else and leaves
 * it when the server has acknowledged it, so that a closed laptop loses nothing. One at a time, in order within
 * a project, repeated with growing pauses. What the server refuses is kept until the person has seen it.
 */
import type { Outgoing } from "./state";

export interface Entry {
  id: string;
  person: string;
  slug: string;
  /** One annotation, or several that are stored together or not at all: an item's questions, a grid's items. */
  bodies: Outgoing[];
  /** For people: which item. */
  title: string;
  at: number;
  attempts: number;
  refused: { message: string; hint: string } | null;
}

export interface Receipt {
  answerId: string;
  annotationId: string;
}

export type Outcome =
  | { type: "stored"; receipts: Receipt[] }
  | { type: "refused"; message: string; hint: string }
  | { type: "later"; offline: boolean };

export interface Box {
  load(): Entry[];
  save(entry: Entry): boolean;
  remove(id: string): void;
}

export interface Status {
  /** Items with something that is still to be sent; an item with several questions counts once. */
  unsaved: number;
  refused: readonly Entry[];
  offline: boolean;
  /** The storage took no more: closing the tab now would lose what is unsaved. */
  volatile: boolean;
}

export type Listener = (event: { type: "status" } | { type: "saved"; receipts: Receipt[]; slug: string } | { type: "refused"; entry: Entry }) => void;

const PAUSES_MS = [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000];

export class Outbox {
  private entries: Entry[] = [];
  private readonly receipts = new Map<string, string>();
  private readonly notBefore = new Map<string, number>();
  private sending: string | null = null;
  private woken = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private person: string | null = null;
  private listeners = new Set<Listener>();
  private status: Status = { unsaved: 0, refused: [], offline: false, volatile: false };

  constructor(
    private readonly box: Box,
    private readonly send: (entry: Entry) => Promise<Outcome>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Start sending for this person; what is left of an earlier visit goes first, whatever its project. */
  open(person: string | null): void {
    if (this.person === person) return;
    this.person = person;
    this.entries = person === null ? [] : this.box.load().filter((entry) => entry.person === person);
    this.entries.sort((a, b) => a.at - b.at);
    this.changed();
    this.wake();
  }

  add(slug: string, bodies: Outgoing[], title: string): void {
    const first = bodies[0];
    if (!first || this.person === null) return;
    const known = bodies.map((body) => ({ ...body, replaces: this.resolved(body.replaces) }));
    const entry: Entry = { id: first.answer_id, person: this.person, slug, bodies: known, title, at: this.now(), attempts: 0, refused: null };
    const kept = this.box.save(entry);
    this.entries.push(entry);
    this.changed({ volatile: this.status.volatile || !kept });
    this.wake();
  }

  /** Take back what was never tried: an entry with exactly these annotations. True if it will not be sent. */
  cancel(answerIds: readonly string[]): boolean {
    const entry = this.entries.find((one) => one.id === answerIds[0]);
    const whole = entry?.bodies.length === answerIds.length && entry.bodies.every((body) => answerIds.includes(body.answer_id));
    if (!entry || !whole || entry.attempts > 0 || this.sending === entry.id || entry.refused) return false;
    this.forget(entry);
    return true;
  }

  dismiss(id: string): void {
    const entry = this.entries.find((one) => one.id === id && one.refused);
    if (entry) this.forget(entry);
  }

  /** The network is back, or the person signed in again: do not wait for the next try. */
  wake(): void {
    this.notBefore.clear();
    // What is under way may have begun before the network was back: its failure says nothing.
    this.woken = this.sending !== null;
    void this.pump();
  }

  subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  current = (): Status => this.status;

  /** Items of a project that were answered and are not stored yet. */
  unsavedOf(slug: string): number {
    const bodies = this.entries.filter((entry) => entry.slug === slug && !entry.refused).flatMap((entry) => entry.bodies);
    return new Set(bodies.filter((body) => body.kind === "answer").map((body) => body.item_id)).size;
  }

  private async pump(): Promise<void> {
    if (this.sending !== null) return;
    const entry = this.nextDue();
    if (!entry) return;
    this.sending = entry.id;
    if (entry.bodies.some((body) => body.replaces?.startsWith("local:"))) {
      // What it would undo was refused, so there is nothing to undo.
      this.sending = null;
      this.forget(entry);
      void this.pump();
      return;
    }
    entry.attempts += 1;
    this.woken = false;
    const outcome = await this.send(entry);
    this.sending = null;
    if (outcome.type === "stored") {
      this.learn(outcome.receipts);
      this.tell({ type: "saved", receipts: outcome.receipts, slug: entry.slug });
      this.forget(entry, { offline: false });
    } else if (outcome.type === "refused") {
      entry.refused = { message: outcome.message, hint: outcome.hint };
      this.box.save(entry);
      this.tell({ type: "refused", entry });
      this.changed({ offline: false });
    } else {
      if (!this.woken) this.notBefore.set(entry.slug, this.now() + (PAUSES_MS[Math.min(entry.attempts, PAUSES_MS.length - 1)] ?? 30_000));
      this.changed({ offline: outcome.offline });
    }
    void this.pump();
  }

  /** The oldest entry of a project that is not waiting; sets a timer where all wait. */
  private nextDue(): Entry | null {
    clearTimeout(this.timer);
    const seen = new Set<string>();
    let soonest = Infinity;
    for (const entry of this.entries) {
      if (entry.refused || seen.has(entry.slug)) continue;
      seen.add(entry.slug);
      const due = this.notBefore.get(entry.slug) ?? 0;
      if (due <= this.now()) return entry;
      soonest = Math.min(soonest, due);
    }
    if (soonest < Infinity) this.timer = setTimeout(() => void this.pump(), soonest - this.now());
    return null;
  }

  /** What waits may point to what was just stored: it must still do so after a restart. */
  private learn(receipts: Receipt[]): void {
    for (const receipt of receipts) this.receipts.set(receipt.answerId, receipt.annotationId);
    for (const entry of this.entries) {
      if (!entry.bodies.some((body) => body.replaces?.startsWith("local:"))) continue;
      entry.bodies = entry.bodies.map((body) => ({ ...body, replaces: this.resolved(body.replaces) }));
      this.box.save(entry);
    }
  }

  private resolved(replaces: string | null): string | null {
    if (!replaces?.startsWith("local:")) return replaces;
    return this.receipts.get(replaces.slice(6)) ?? replaces;
  }

  private forget(entry: Entry, change: Partial<Status> = {}): void {
    this.entries = this.entries.filter((one) => one !== entry);
    this.box.remove(entry.id);
    this.changed(change);
  }

  private changed(change: Partial<Status> = {}): void {
    const open = this.entries.filter((entry) => !entry.refused);
    const unsaved = open.reduce((sum, entry) => sum + new Set(entry.bodies.map((body) => body.item_id)).size, 0);
    this.status = { ...this.status, ...change, unsaved, refused: this.entries.filter((entry) => entry.refused) };
    if (unsaved === 0) this.status = { ...this.status, offline: false, volatile: false };
    this.tell({ type: "status" });
  }

  private tell(event: Parameters<Listener>[0]): void {
    for (const listener of this.listeners) listener(event);
  }
}
