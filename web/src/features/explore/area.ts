/** A line around points, short enough for an address: what it encloses is what the server finds in it, exactly. Pure. */
import type { Line } from "./geometry";

/** Corners of a line in the whole numbers that positions are sent as; the server takes no more. */
export const MOST_CORNERS = 200;
const FARTHEST = 1_000_000;
const WIDTH = 65_535;
const BASE = 36;

/** A line in the unit square as one of whole numbers with at most 200 corners, each as near to the drawn line as that allows. */
export function shortened(line: Line): Line {
  const whole = (value: number) => Math.max(-FARTHEST, Math.min(FARTHEST, Math.round(value * WIDTH)));
  const corners = line.map(([x, y]) => [whole(x), whole(y)] as const).filter(([x, y], k, all) => k === 0 || x !== all[k - 1]?.[0] || y !== all[k - 1]?.[1]);
  let kept: Line = corners;
  for (let within = 1; kept.length > MOST_CORNERS; within *= 2) kept = without(corners, within);
  return kept;
}

/** The corners that are farther than a distance from the line between their neighbours that are kept (Douglas and Peucker). */
function without(line: Line, within: number): Line {
  const keep = new Set([0, line.length - 1]);
  const open: [number, number][] = [[0, line.length - 1]];
  for (let part = open.pop(); part; part = open.pop()) {
    const [first, last] = part;
    let [worst, most] = [-1, within];
    for (let k = first + 1; k < last; k++) {
      const away = distance(line[k], line[first], line[last]);
      if (away > most) [worst, most] = [k, away];
    }
    if (worst < 0) continue;
    keep.add(worst);
    open.push([first, worst], [worst, last]);
  }
  return line.filter((_, k) => keep.has(k));
}

type Corner = Line[number] | undefined;

/** Of a point from the line between two others, or from the first where both are one. */
function distance(point: Corner, from: Corner, to: Corner): number {
  const [[px, py], [ax, ay], [bx, by]] = [point ?? [0, 0], from ?? [0, 0], to ?? [0, 0]];
  const along = Math.hypot(bx - ax, by - ay);
  if (along === 0) return Math.hypot(px - ax, py - ay);
  return Math.abs((bx - ax) * (ay - py) - (ax - px) * (by - ay)) / along;
}

/** As the list of items reads it: the map, its revision, the first corner and the steps to the others. */
export function toArea(projection: "pca" | "neighbour", revision: string, line: Line): string {
  const steps = line.flatMap(([x, y], k) => [x - (line[k - 1]?.[0] ?? 0), y - (line[k - 1]?.[1] ?? 0)]);
  return `${projection}~${revision}~${steps.map((step) => step.toString(BASE)).join(".")}`;
}
