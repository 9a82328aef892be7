/** Two learning curves over one axis. Pure. */
import type { CurvePoint, Progress } from "@/api/types";
import { words } from "@/ui/format";
import type { Plot, PlotPoint } from "@/ui/plot";
import { s } from "@/ui/strings";
import type { Fork } from "./requests";

export type Axis = "labels" | "hours" | "cost";
export const COLORS = ["#3b6fd4", "#c2570c"] as const;

function place(point: CurvePoint, axis: Axis): number | null {
  return axis === "labels" ? point.n_labels : axis === "hours" ? (point.hours ?? null) : (point.cost ?? null);
}

/** The axes that both curves can be drawn over. */
export function axes(...curves: readonly (readonly CurvePoint[])[]): Axis[] {
  const known = (axis: Axis) => curves.every((curve) => curve.some((point) => (place(point, axis) ?? 0) > 0));
  return (["labels", "hours", "cost"] as const).filter((axis) => axis === "labels" || known(axis));
}

export function plotOf(of: readonly Progress[], names: readonly string[], axis: Axis): Plot {
  const series = of.map((progress, k) => ({ name: names[k] ?? "", color: COLORS[k] ?? COLORS[0], points: pointsOf(progress.curve, axis), interval: "band" as const, dashed: k > 0 }));
  return { x: s.rounds.compare.axes[axis], y: words(of[0]?.metric ?? ""), series };
}

export function plotOfFork(fork: Fork): Plot {
  const series = (["a", "b"] as const).map((key, k) => ({
    name: s.forks.arms[key],
    color: COLORS[k] ?? COLORS[0],
    points: fork.points.map((point) => ({ x: point[key].n_labels, y: point[key].value, low: point[key].low, high: point[key].high })),
    interval: "band" as const,
    dashed: k > 0,
  }));
  return { x: s.forks.axis, y: words(fork.metric), series };
}

function pointsOf(curve: readonly CurvePoint[], axis: Axis): PlotPoint[] {
  const at = new Map<number, PlotPoint>();
  for (const point of curve) {
    const x = place(point, axis);
    if (point.estimate && x !== null) at.set(x, { x, y: point.estimate.value, low: point.estimate.low, high: point.estimate.high });
  }
  return [...at.values()].sort((a, b) => a.x - b.x);
}
