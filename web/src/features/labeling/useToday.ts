/** Joins the tally of the day with the server's count, the answers of this visit, and the browser's storage. */
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useSession } from "@/api/session";
import { outbox } from "./sender";
import { counted, dayOf, moved, shownOf, type Tally } from "./today";

const PREFIX = "labelwright.today.";
const tallies = new Map<string, Tally | null>();
const listeners = new Set<() => void>();

function read(name: string): Tally | null {
  const known = tallies.get(name);
  if (known !== undefined) return known;
  let kept: Tally | null = null;
  try {
    kept = JSON.parse(localStorage.getItem(PREFIX + name) ?? "null") as Tally | null;
  } catch {
    // what cannot be read is counted anew
  }
  tallies.set(name, kept);
  return kept;
}

function write(name: string, tally: Tally): void {
  tallies.set(name, tally);
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(tally));
  } catch {
    // counted for this visit only
  }
  for (const listener of listeners) listener();
}

// Another tab has counted on.
window.addEventListener("storage", (event) => {
  if (event.key?.startsWith(PREFIX)) tallies.delete(event.key.slice(PREFIX.length));
  for (const listener of listeners) listener();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Items answered today: `server` is what the server counted at a time, `given` what this visit has added. */
export function useToday(slug: string, server: number, countedAt: number, given: number): number {
  const name = `${useSession()?.user.id ?? ""}.${slug}`;
  const day = dayOf(new Date());
  const known = dayOf(new Date(countedAt)) === day ? server : 0;
  const tally = useSyncExternalStore(subscribe, () => read(name));
  useEffect(() => {
    write(name, counted(read(name), day, known, outbox.unsavedOf(slug)));
  }, [name, known, day, slug]);
  const before = useRef(given);
  useEffect(() => {
    const by = given - before.current;
    before.current = given;
    if (by !== 0) write(name, moved(read(name) ?? { day, now: 0, most: 0 }, dayOf(new Date()), by));
  }, [name, day, given]);
  return shownOf(tally ?? { day, now: known, most: known }, day);
}
