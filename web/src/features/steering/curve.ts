/** The learning curve as columns for the chart. Pure. */
import type { CurvePoint, Estimate } from "@/api/types";

export type Axis = "labels" | "hours" | "cost";

/** Where a model stands on an axis; null where that is not known. */
export function place(point: CurvePoint, axis: Axis): number | null {
  return axis === "labels" ? point.n_labels : axis === "hours" ? (point.hours ?? null) : (point.cost ?? null);
}

/** The axes that these models can be drawn over. */
export function axes(curve: readonly CurvePoint[]): Axis[] {
  const timed = curve.some((one) => (one.hours ?? 0) > 0), priced = curve.some((one) => (one.cost ?? 0) > 0);
  return ["labels", ...(timed ? (["hours"] as const) : []), ...(priced ? (["cost"] as const) : [])];
}

export interface CurveColumns {
  x: number[];
  value: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  /** The same values, parted by whether they can be judged. */
  solid: (number | null)[];
  hollow: (number | null)[];
  /** Models of the control arm; they have labels, but no hours of their own. */
  baseline: (number | null)[];
  estimates: (Estimate | null)[];
}

/** One row per place on the axis, the latest model winning; the control arm may stand at other numbers of labels. */
export function columns(curve: readonly CurvePoint[], baseline: readonly Estimate[], axis: Axis = "labels"): CurveColumns {
  const model = new Map<number, Estimate>();
  for (const point of curve) {
    const x = place(point, axis);
    if (point.estimate && x !== null) model.set(x, point.estimate);
  }
  const base = new Map(axis === "labels" ? baseline.map((one) => [one.n_labels, one.value]) : []);
  const x = [...new Set([...model.keys(), ...base.keys()])].sort((a, b) => a - b);
  const at = x.map((n) => model.get(n) ?? null);
  return {
    x,
    estimates: at,
    value: at.map((one) => one?.value ?? null),
    low: at.map((one) => one?.low ?? null),
    high: at.map((one) => one?.high ?? null),
    solid: at.map((one) => (one?.enough ? one.value : null)),
    hollow: at.map((one) => (one && !one.enough ? one.value : null)),
    baseline: x.map((n) => base.get(n) ?? null),
  };
}

/** What the y axis spans: the band (only what can be judged once there is enough of it), the target, a little air, and never beyond [0, 1] for shares. */
export function range(data: CurveColumns, target: number | null): [number, number] {
  const judged = data.estimates.filter((one) => one?.enough);
  const shown = judged.length >= 3 ? judged : data.estimates;
  const all = [
    ...shown.flatMap((one) => (one ? [one.low, one.high] : [])),
    ...data.value.filter((one) => one !== null),
    ...data.baseline.filter((one) => one !== null),
    ...(target === null ? [] : [target]),
  ];
  if (all.length === 0) return [0, 1];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const air = (high - low || Math.abs(high) || 1) * 0.06;
  const share = low >= 0 && high <= 1;
  return [share ? Math.max(0, low - air) : low - air, share ? Math.min(1, high + air) : high + air];
}
