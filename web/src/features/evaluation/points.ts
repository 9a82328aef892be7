/** Where the points of a chart with intervals lie. Pure. */
export interface Point {
  x: number;
  value: number;
  low: number;
  high: number;
  /** Read out, and shown on hover. */
  text: string;
}

export interface Box {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Placed {
  x: number;
  y: number;
  top: number;
  bottom: number;
  text: string;
}

export interface Tick {
  at: number;
  value: number;
}

const PAD = 0.06;

/** Ends of an axis with some room; `within` bounds it, `hold` is on it. */
export function span(values: readonly number[], hold: readonly number[] = []): [number, number] {
  const all = [...values, ...hold].filter(Number.isFinite);
  if (all.length === 0) return [0, 1];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high - low || Math.abs(high) || 1) * PAD;
  return [low - room, high + room];
}

/** At most six round numbers between two ends. */
export function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

export function scale(from: readonly [number, number], to: readonly [number, number]): (value: number) => number {
  return (value) => to[0] + ((value - from[0]) / (from[1] - from[0])) * (to[1] - to[0]);
}

/** A tick without digits that say nothing. */
export function tickText(value: number): string {
  return Number(value.toPrecision(6)).toString().replace("-", "\u2212");
}

/** Points and ticks in pixels. */
export function place(points: readonly Point[], x: [number, number], y: [number, number], box: Box): { points: Placed[]; xTicks: Tick[]; yTicks: Tick[]; toX: (value: number) => number; toY: (value: number) => number } {
  const toX = scale(x, [box.left, box.width - box.right]);
  const toY = scale(y, [box.height - box.bottom, box.top]);
  return {
    points: points.map((one) => ({ x: toX(one.x), y: toY(one.value), top: toY(one.high), bottom: toY(one.low), text: one.text })),
    xTicks: ticks(...x).map((value) => ({ at: toX(value), value })),
    yTicks: ticks(...y).map((value) => ({ at: toY(value), value })),
    toX,
    toY,
  };
}
