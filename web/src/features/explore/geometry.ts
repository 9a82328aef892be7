/** Points under the pointer and inside a line that was drawn. Pure. */
import { GONE, NOWHERE } from "./binary";

const CELLS = 256;
const SHIFT = 8; // of 16 bits
export type Line = readonly (readonly [number, number])[];

/** Points by the cell of a grid that they lie in, so that only those near the pointer are looked at. */
export interface Grid {
  start: Uint32Array;
  ordinals: Uint32Array;
}

export function gridOf(positions: Uint16Array): Grid {
  const n = positions.length / 2;
  const start = new Uint32Array(CELLS * CELLS + 1);
  const cellOf = (k: number) => ((positions[2 * k + 1] ?? 0) >> SHIFT) * CELLS + ((positions[2 * k] ?? 0) >> SHIFT);
  for (let k = 0; k < n; k++) start[cellOf(k) + 1] = (start[cellOf(k) + 1] ?? 0) + 1;
  for (let c = 0; c < CELLS * CELLS; c++) start[c + 1] = (start[c + 1] ?? 0) + (start[c] ?? 0);
  const next = start.slice();
  const ordinals = new Uint32Array(n);
  for (let k = 0; k < n; k++) {
    const at = next[cellOf(k)] ?? 0;
    ordinals[at] = k;
    next[cellOf(k)] = at + 1;
  }
  return { start, ordinals };
}

/** The item nearest to a place within a distance, both in the unit square; null if there is none that is drawn. */
export function nearestTo(grid: Grid, positions: Uint16Array, isDrawn: (ordinal: number) => boolean, x: number, y: number, within: number): number | null {
  const [px, py, radius] = [x * NOWHERE, y * NOWHERE, within * NOWHERE];
  const cell = (value: number) => Math.min(CELLS - 1, Math.max(0, Math.floor(value) >> SHIFT));
  let best: number | null = null;
  let least = radius * radius;
  for (let row = cell(py - radius); row <= cell(py + radius); row++) {
    for (let column = cell(px - radius); column <= cell(px + radius); column++) {
      const c = row * CELLS + column;
      for (let at = grid.start[c] ?? 0; at < (grid.start[c + 1] ?? 0); at++) {
        const k = grid.ordinals[at] ?? 0;
        const [x0, y0] = [positions[2 * k] ?? NOWHERE, positions[2 * k + 1] ?? NOWHERE];
        const square = (x0 - px) ** 2 + (y0 - py) ** 2;
        if (square < least && x0 !== NOWHERE && isDrawn(k)) [best, least] = [k, square];
      }
    }
  }
  return best;
}

/** The drawn items inside a closed line, whose corners are in the numbers of positions. */
export function inside(line: Line, positions: Uint16Array, isDrawn: (ordinal: number) => boolean): number[] {
  if (line.length < 3) return [];
  const xs = line.map(([x]) => x);
  const ys = line.map(([, y]) => y);
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const found: number[] = [];
  for (let k = 0; k < positions.length / 2; k++) {
    const [x, y] = [positions[2 * k] ?? NOWHERE, positions[2 * k + 1] ?? NOWHERE];
    if (x < left || x > right || y < low || y > high || x === NOWHERE) continue;
    let odd = false;
    for (let a = 0, b = xs.length - 1; a < xs.length; b = a++) {
      const [xa, ya, xb, yb] = [xs[a] ?? 0, ys[a] ?? 0, xs[b] ?? 0, ys[b] ?? 0];
      if (ya > y !== yb > y && x < ((xb - xa) * (y - ya)) / (yb - ya) + xa) odd = !odd;
    }
    if (odd && isDrawn(k)) found.push(k);
  }
  return found;
}

/** Whether an item is drawn: neither excluded nor of a value that is hidden. */
export function drawnBy(codes: Uint8Array, hidden: ReadonlySet<number>): (ordinal: number) => boolean {
  return (ordinal) => {
    const code = codes[ordinal] ?? GONE;
    return code !== GONE && !hidden.has(code);
  };
}
