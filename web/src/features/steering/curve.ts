/** The learning curve as columns for the chart. Pure. */
import type { CurvePoint, Estimate } from "@/api/types";

export interface CurveColumns {
  x: number[];
  value: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  /** The same values, parted by whether they can be judged. */
  solid: (number | null)[];
  hollow: (number | null)[];
  baseline: (number | null)[];
  estimates: (Estimate | null)[];
}

/** One row per number of labels, the latest model winning; the baseline may stand at other places. */
export function columns(curve: readonly CurvePoint[], baseline: readonly Estimate[]): CurveColumns {
  const model = new Map<number, Estimate>();
  for (const point of curve) if (point.estimate) model.set(point.n_labels, point.estimate);
  const base = new Map(baseline.map((one) => [one.n_labels, one.value]));
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
