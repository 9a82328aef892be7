/** How many items a person has answered today, by their own clock; what is shown never falls within a day. Pure. */
export interface Tally {
  /** The day by the person's clock. */
  day: string;
  /** Items answered and not undone. */
  now: number;
  /** The most that it has been. */
  most: number;
}

export function dayOf(date: Date): string {
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/**
 * The tally when the page is opened, or when the server has counted again.
 *
 * The server does not know what is unsent, and what it says may be older than the last answer; so it only raises what
 * this browser has counted itself.
 */
export function counted(kept: Tally | null, day: string, server: number, unsent: number): Tally {
  if (kept?.day !== day) return { day, now: server + unsent, most: server + unsent };
  const now = Math.max(kept.now, server);
  return { day, now, most: Math.max(kept.most, now) };
}

/** Items were answered here, or undone where `by` is negative. */
export function moved(tally: Tally, day: string, by: number): Tally {
  const of = tally.day === day ? tally : { day, now: 0, most: 0 };
  const now = Math.max(0, of.now + by);
  return { day, now, most: Math.max(of.most, now) };
}

export function shownOf(tally: Tally, day: string): number {
  return tally.day === day ? tally.most : 0;
}
