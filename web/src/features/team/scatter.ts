/** Scales of the chart of speed and agreement, without React. */
import type { PersonLine } from "./requests";

export interface Point {
  id: string;
  name: string;
  alarm: boolean;
  x: number;
  y: number;
  /** Ends of the bars. */
  left: number;
  right: number;
  bottom: number;
  top: number;
}

export interface Tick {
  at: number;
  text: string;
}

export interface Scatter {
  points: Point[];
  xTicks: Tick[];
  yTicks: Tick[];
  /** People who cannot be placed. */
  missing: number;
}

export interface Box {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
const PAD = 1.15;

/** Places of people: seconds on a logarithmic axis, agreement on a straight one that ends at 1. */
export function scatter(people: readonly PersonLine[], alarms: ReadonlySet<string>, box: Box): Scatter {
  const placed = people.flatMap((one) => {
    const { seconds } = one.pace;
    const { agreement } = one.skill;
    if (seconds.value === null || seconds.value <= 0 || agreement.value === null) return [];
    const positive = (value: number | null) => (value !== null && value > 0 ? value : (seconds.value as number));
    return [{ one, s: seconds.value, left: positive(seconds.low), right: positive(seconds.high), a: agreement.value, low: agreement.low ?? agreement.value, high: agreement.high ?? agreement.value }];
  });
  const missing = people.length - placed.length;
  if (placed.length === 0) return { points: [], xTicks: [], yTicks: [], missing };
  const [least, most] = [Math.min(...placed.map((p) => p.left)) / PAD, Math.max(...placed.map((p) => p.right)) * PAD];
  const floor = Math.max(0, Math.floor(10 * Math.min(...placed.map((p) => p.low)) - 0.5) / 10);
  // A single pace is in the middle of a decade.
  const [from, to] = most / least < 4 ? [least / Math.sqrt((4 * least) / most), most * Math.sqrt((4 * least) / most)] : [least, most];
  const x = (value: number) => box.left + ((Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))) * (box.width - box.left - box.right);
  const y = (value: number) => box.height - box.bottom - ((value - floor) / (1 - floor)) * (box.height - box.top - box.bottom);
  return {
    points: placed.map((p) => ({ id: p.one.person_id, name: p.one.name, alarm: alarms.has(p.one.person_id), x: x(p.s), y: y(p.a), left: x(p.left), right: x(p.right), bottom: y(p.low), top: y(p.high) })),
    xTicks: SECONDS.filter((value) => value >= from && value <= to).map((value) => ({ at: x(value), text: `${value} s` })),
    yTicks: steps(floor).map((value) => ({ at: y(value), text: value.toFixed(1) })),
    missing,
  };
}

function steps(floor: number): number[] {
  const by = floor < 0.5 ? 0.2 : 0.1;
  const n = Math.floor((1 - floor) / by + 1e-9);
  return Array.from({ length: n + 1 }, (_, k) => 1 - k * by);
}

/** The least of 1, 2, 4, 6 and 10 times a power of ten that is not below a value. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return (([1, 2, 4, 6, 10] as const).find((step) => step * power >= value * (1 - 1e-9)) ?? 10) * power;
}

export interface Name {
  id: string;
  x: number;
  y: number;
  anchor: "start" | "end";
}

const CHARACTER = 6.6; // pixels, about
const LINE = 14;

/** Where names fit beside their points without covering points or each other; others are left out. */
export function names(points: readonly Point[], box: Box): Name[] {
  const taken = points.map((point) => ({ left: point.x - 8, right: point.x + 8, top: point.y - 8, bottom: point.y + 8 }));
  return points.flatMap((point) => {
    const width = point.name.length * CHARACTER;
    for (const [side, dy] of [[1, -9], [1, 17], [-1, -9], [-1, 17]] as const) {
      const x = point.x + side * 11;
      const rect = { left: side > 0 ? x : x - width, right: side > 0 ? x + width : x, top: point.y + dy - LINE + 3, bottom: point.y + dy + 3 };
      const inside = rect.left >= box.left && rect.right <= box.width && rect.top >= 0 && rect.bottom <= box.height - box.bottom;
      if (!inside || taken.some((one) => one.left < rect.right && rect.left < one.right && one.top < rect.bottom && rect.top < one.bottom)) continue;
      taken.push(rect);
      return [{ id: point.id, x, y: point.y + dy, anchor: side > 0 ? "start" : "end" }];
    }
    return [];
  });
}
