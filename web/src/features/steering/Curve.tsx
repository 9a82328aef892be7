import { SegmentedControl, useComputedColorScheme } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Estimate, Progress } from "@/api/types";
import { Download } from "@/ui/Download";
import { svgOf } from "@/ui/plot";
import { count, figure, onDay, words } from "@/ui/format";
import { Figure } from "@/ui/parts";
import { s } from "@/ui/strings";
import { axes, columns, range, type Axis } from "./curve";
import { plotOf, tableOf } from "./curveFiles";
import css from "./progress.module.css";

const HEIGHT = 300;

/** The learning curve on the reserve over labels, hours or cost: value, band, target, and the control arm alone. */
export function Curve({ progress, slug }: { progress: Progress; slug: string }) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  const choices = axes(progress.curve);
  const [picked, setAxis] = useState<Axis>("labels");
  const axis = choices.includes(picked) ? picked : "labels";
  const { curve, baseline } = progress;
  const data = useMemo(() => columns(curve, baseline, axis), [curve, baseline, axis]);
  const arms = useMemo(() => (axis === "labels" ? baseline : []), [baseline, axis]);
  const target = progress.target ?? null;
  const [hover, setHover] = useState<number | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(`--lw-${name}`).trim();
    const [accent, quiet, line, surface, good] = ["accent", "quiet", "line", "surface", "good"].map(color) as [string, string, string, string, string];
    const font = "12px system-ui, sans-serif";
    const axisLook = { stroke: quiet, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1, size: 4 } };
    const dots = (fill: string) => ({ width: 0, stroke: accent, points: { show: true, size: 7, width: 1.5, stroke: accent, fill } });
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, focus: { prox: 30 } },
        scales: { x: { time: false }, y: { range: range(data, target) } },
        axes: [
          { ...axisLook, label: s.progress.axisTitles[axis], labelFont: font, labelSize: 20, size: 32, values: (_, ticks) => ticks.map((tick) => (axis === "labels" ? count(tick) : String(tick))) },
          { ...axisLook, size: 46, values: (_, ticks) => ticks.map(figure) },
        ],
        series: [
          {},
          { stroke: accent, width: 2, points: { show: false }, spanGaps: true },
          { width: 0, points: { show: false }, spanGaps: true },
          { width: 0, points: { show: false }, spanGaps: true },
          dots(accent),
          dots(surface),
          { stroke: quiet, width: 1.5, dash: [2, 4], points: { show: true, size: 7, width: 1.5, stroke: quiet, fill: surface }, spanGaps: true },
        ],
        bands: [{ series: [3, 2], fill: `${accent}2e` }],
        hooks: {
          setCursor: [(u) => setHover(u.cursor.idx ?? null)],
          draw: [(u) => target !== null && drawTarget(u, target, good, font), (u) => drawIntervals(u, arms, quiet)],
        },
      },
      [data.x, data.value, data.low, data.high, data.solid, data.hollow, data.baseline],
      element,
    );
    const resize = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      chart.destroy();
    };
  }, [data, arms, axis, target, scheme]);

  const at = indexAt(data.estimates, hover);
  const shown = data.estimates[at] ?? null;
  return (
    <figure className={css.chart} data-testid="curve">
      <div ref={box} className={css.chartBox} role="img" aria-label={s.progress.curveLabel(words(progress.metric))} />
      <figcaption>
        <span className={css.readout}>
          {shown && (
            <>
              <span className="lw-quiet lw-num">
                {count(shown.n_labels)} {s.progress.axis}
                {axis !== "labels" && ` · ${s.progress.atPlace[axis](data.x[at] ?? 0)}`}
              </span>
              <span className="lw-quiet">{words(shown.metric)}</span>
              <Figure estimate={shown} />
            </>
          )}
        </span>
        <span className={css.legend}>
          <span>
            <i data-line /> {s.progress.model}
          </span>
          {arms.length > 0 && (
            <span>
              <i data-dash /> {s.progress.baseline}
            </span>
          )}
          {data.hollow.some((one) => one !== null) && (
            <span>
              <i data-hollow /> {s.progress.hollow}
            </span>
          )}
        </span>
        <span className={css.chartTools}>
          {choices.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label={s.progress.axisPick}
              value={axis}
              onChange={(value) => setAxis(value as Axis)}
              data={choices.map((value) => ({ value, label: s.progress.axes[value] }))}
            />
          )}
          <Download name={`${slug} learning curve`} {...tableOf(progress)} picture={() => svgOf(plotOf(progress, axis))} />
        </span>
        <span className="lw-quiet lw-small">
          {s.progress.curveText}{" "}
          {progress.labels_changed_at && s.progress.curveSince(onDay(progress.labels_changed_at))} {axis !== "labels" && baseline.length > 0 && s.progress.armLabelsOnly}
        </span>
      </figcaption>
    </figure>
  );
}

/** Where the pointer is, else the newest. */
function indexAt(estimates: (Estimate | null)[], hover: number | null): number {
  return hover !== null && estimates[hover] ? hover : estimates.findLastIndex((one) => one !== null);
}

/** The intervals of the control arm, as bars. */
function drawIntervals(u: uPlot, arms: readonly Estimate[], color: string): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = color;
  ctx.lineWidth = devicePixelRatio;
  for (const one of arms) {
    const x = Math.round(u.valToPos(one.n_labels, "x", true));
    ctx.beginPath();
    ctx.moveTo(x, u.valToPos(one.low, "y", true));
    ctx.lineTo(x, u.valToPos(one.high, "y", true));
    ctx.stroke();
  }
  ctx.restore();
}

function drawTarget(u: uPlot, target: number, color: string, font: string): void {
  const y = Math.round(u.valToPos(target, "y", true));
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = font.replace("12px", `${12 * devicePixelRatio}px`);
  ctx.textAlign = "left";
  ctx.fillText(s.progress.target(figure(target)), bbox.left + 6 * devicePixelRatio, y - 5 * devicePixelRatio);
  ctx.restore();
}
