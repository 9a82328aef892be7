/** Active seconds on one item: idle stretches and hidden tabs do not count. Pure; the caller brings the time. */
const IDLE_MS = 60_000;

export class ActiveClock {
  private counted = 0;
  private last: number;
  private hidden = false;

  constructor(now: number) {
    this.last = now;
  }

  /** The person did something. */
  touch(now: number): void {
    if (!this.hidden) this.counted += Math.min(Math.max(0, now - this.last), IDLE_MS);
    this.last = now;
  }

  hide(now: number): void {
    this.touch(now);
    this.hidden = true;
  }

  show(now: number): void {
    this.hidden = false;
    this.last = now;
  }

  seconds(now: number): number {
    this.touch(now);
    return this.counted / 1000;
  }

  /** How long nothing has happened. */
  idle(now: number): number {
    return now - this.last;
  }
}
