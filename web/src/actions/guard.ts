/** When an answer is too fast to be meant: a bouncing key or a double click reaches the next item within this. Pure. */
export const GUARD_MS = 150;

/** `painted` is when the item was on the screen, null while it is not. */
export function isTooSoon(painted: number | null, now: number): boolean {
  return painted === null || now - painted < GUARD_MS;
}
