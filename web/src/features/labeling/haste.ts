/** Whether somebody answers much faster than they usually do; counted in this window alone, told to nobody else. */
export interface Haste {
  /** Seconds of an answer now, and usually. */
  now: number;
  usual: number;
}

const OWN = 20; // answers from which there is an own pace
const LATEST = 3; // a single quick answer may be an easy item
const MUCH = 3;
const KEEP = 200;

/** The median of the latest answers beside that of those before; null where there is nothing to say. */
export function haste(seconds: readonly number[]): Haste | null {
  const before = seconds.slice(0, -LATEST);
  if (before.length < OWN) return null;
  const [now, usual] = [median(seconds.slice(-LATEST)), median(before)];
  return now * MUCH < usual ? { now, usual } : null;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return (low + high) / 2;
}

const paces = new Map<string, number[]>();

/** Note how long an answer took; the same list for as long as the window is open. */
export function noted(slug: string, seconds: number): readonly number[] {
  const kept = [...(paces.get(slug) ?? []), seconds].slice(-KEEP);
  paces.set(slug, kept);
  return kept;
}
