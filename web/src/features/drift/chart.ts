/** Where marks of a chart over windows lie. Pure. */
import { ticks } from "@/ui/plot";

export interface Mark {
  /** In windows from the first: 0.5 is the middle of the first. */
  x: number;
  value: number;
  low: number;
  high: number;
  text: string;
}

export interface Line {
  name: string;
  color: string;
  marks: readonly Mark[];
}

export interface Onset {
  x: number;
  text: string;
}

export interface Box {
  width: number;
  height: number;
}

export const EDGE = { left: 52, right: 14, top: 12, bottom: 44 } as const;

/** Scales of a chart: windows to pixels across, values to pixels up. */
export function scales(n: number, low: number, high: number, box: Box): { across: (x: number) => number; up: (y: number) => number; yTicks: number[] } {
  const span = high - low || 1;
  return {
    across: (x) => EDGE.left + (x / Math.max(1, n)) * (box.width - EDGE.left - EDGE.right),
    up: (y) => box.height - EDGE.bottom - ((y - low) / span) * (box.height - EDGE.bottom - EDGE.top),
    yTicks: ticks(low, low + span, 4),
  };
}

/** Ends of the value axis: from 0 where nothing is below it, with some air above. */
export function ends(lines: readonly Line[], hold: readonly number[]): [number, number] {
  const all = [...lines.flatMap((line) => line.marks.flatMap((mark) => [mark.low, mark.high, mark.value])), ...hold].filter(Number.isFinite);
  if (all.length === 0) return [0, 1];
  const [low, high] = [Math.min(0, ...all), Math.max(...all)];
  const air = (high - low || 1) * 0.06;
  return [low < 0 ? low - air : 0, high + air];
}

/** Every how many windows a name fits. */
export function stride(n: number, width: number): number {
  return Math.max(1, Math.ceil((n * 78) / Math.max(1, width - EDGE.left - EDGE.right)));
}

/** Where a day lies among windows that are named by their first day; null where it is before all of them. */
export function placeOf(names: readonly string[], name: string): number | null {
  const after = names.filter((one) => one <= name).length;
  return after === 0 ? null : after - 0.5;
}
