import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { Download } from "@/ui/Download";
import { count, figure } from "@/ui/format";
import { svgOf, type Plot, type PlotSeries } from "@/ui/plot";
import css from "./rounds.module.css";

const HEIGHT = 280;
const COLUMNS = ["curve", "x", "value", "low", "high"];

/** Two curves with their bands; the second is dashed. */
export function TwoCurves({ plot, label, name = "projects" }: { plot: Plot; label: string; name?: string }) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const [quiet, line] = ["quiet", "line"].map((name) => style.getPropertyValue(`--lw-${name}`).trim());
    const font = "12px system-ui, sans-serif";
    const look = { stroke: quiet ?? "", font, grid: { stroke: line ?? "", width: 1 }, ticks: { stroke: line ?? "", width: 1, size: 4 } };
    const x = [...new Set(plot.series.flatMap((one) => one.points.map((point) => point.x)))].sort((a, b) => a - b);
    const column = (one: PlotSeries, value: "y" | "low" | "high") => x.map((at) => one.points.find((point) => point.x === at)?.[value] ?? null);
    const hidden = { width: 0, points: { show: false }, spanGaps: true };
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false } },
        axes: [
          { ...look, label: plot.x, labelFont: font, labelSize: 20, size: 32, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? count(tick) : figure(tick))) },
          { ...look, size: 46, values: (_, ticks) => ticks.map(figure) },
        ],
        series: [{}, ...plot.series.flatMap((one) => [{ stroke: one.color, width: 2, points: { show: one.points.length < 2 }, spanGaps: true, ...(one.dashed ? { dash: [6, 4] } : {}) }, hidden, hidden])],
        bands: plot.series.map((one, k) => ({ series: [3 * k + 3, 3 * k + 2] as [number, number], fill: `${one.color}22` })),
      },
      [x, ...plot.series.flatMap((one) => [column(one, "y"), column(one, "low"), column(one, "high")])],
      element,
    );
    const resize = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      chart.destroy();
    };
  }, [plot, scheme]);
  const rows = plot.series.flatMap((one) => one.points.map((point) => ({ curve: one.name, x: point.x, value: point.y, low: point.low ?? null, high: point.high ?? null })));
  return (
    <figure className={css.figure}>
      <div ref={box} className={css.chart} role="img" aria-label={label} />
      <figcaption className={css.head}>
        <ul className={css.legend}>
          {plot.series.map((one) => (
            <li key={one.name}>
              <i style={{ borderTopColor: one.color, borderTopStyle: one.dashed ? "dashed" : "solid" }} aria-hidden /> <span dir="auto">{one.name}</span>
            </li>
          ))}
        </ul>
        <Download name={name} columns={COLUMNS} rows={rows} picture={() => svgOf(plot)} />
      </figcaption>
    </figure>
  );
}
