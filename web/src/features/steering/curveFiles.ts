/** The learning curve as a table and as a picture for a paper. Pure. */
import type { Progress } from "@/api/types";
import type { Cell, Row } from "@/ui/download";
import { figure, words } from "@/ui/format";
import type { Plot, PlotPoint } from "@/ui/plot";
import { s } from "@/ui/strings";
import { place, type Axis } from "./curve";

const COLUMNS = ["models", "cycle", "at", "n_labels", "hours", "cost", "metric", "value", "low", "high", "n_reserve"];

/** One row for each served model, then one for each of the control arm. */
export function tableOf({ curve, baseline }: Pick<Progress, "curve" | "baseline">): { columns: string[]; rows: Row[] } {
  const served = curve.flatMap(({ estimate, cycle, at, n_labels, hours, cost }): Cell[][] =>
    estimate ? [["served", cycle, at, n_labels, hours ?? null, cost ?? null, estimate.metric, estimate.value, estimate.low, estimate.high, estimate.n]] : [],
  );
  const arm = baseline.map((one): Cell[] => ["control arm", null, null, one.n_labels, null, null, one.metric, one.value, one.low, one.high, one.n]);
  const named = (cells: Cell[]): Row => Object.fromEntries(cells.map((cell, k) => [COLUMNS[k] ?? "", cell]));
  return { columns: COLUMNS, rows: [...served, ...arm].map(named) };
}

export function plotOf({ curve, baseline, metric, target }: Pick<Progress, "curve" | "baseline" | "metric" | "target">, axis: Axis): Plot {
  const points = curve
    .flatMap((point): PlotPoint[] => {
      const x = place(point, axis);
      return point.estimate && x !== null ? [{ x, y: point.estimate.value, low: point.estimate.low, high: point.estimate.high }] : [];
    })
    .sort((a, b) => a.x - b.x);
  const arms = axis === "labels" ? baseline.map((one) => ({ x: one.n_labels, y: one.value, low: one.low, high: one.high })) : [];
  return {
    x: s.progress.axisTitles[axis],
    y: words(metric),
    series: [
      { name: s.progress.modelBand, color: "#0b5cad", points, interval: "band" },
      { name: s.progress.baseline, color: "#555555", points: arms, interval: "bars", dashed: true },
    ],
    target: typeof target === "number" ? { value: target, name: s.progress.target(figure(target)) } : undefined,
  };
}
