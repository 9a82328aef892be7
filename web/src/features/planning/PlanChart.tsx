import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Plan } from "@/api/types";
import { Download } from "@/ui/Download";
import { count, figure, words } from "@/ui/format";
import { svgOf, type PlotSeries } from "@/ui/plot";
import { s } from "@/ui/strings";
import { plotOf, span, tableOf } from "./model";
import css from "./planning.module.css";

const HEIGHT = 300;
const texts = s.planning;

/** The curves of the set-ups that matter, with bands, and the target. */
export function PlanChart({ plan, error }: { plan: Plan; error: number }) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  const plot = useMemo(() => plotOf(plan, error), [plan, error]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(`--lw-${name}`).trim();
    const [quiet, line, good] = [color("quiet"), color("line"), color("good")];
    const font = "12px system-ui, sans-serif";
    const axisLook = { stroke: quiet, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1, size: 4 } };
    const x = [...new Set(plot.series.flatMap((one) => one.points.map((point) => point.x)))].sort((a, b) => a - b);
    const column = (one: PlotSeries, value: "y" | "low" | "high") => x.map((at) => one.points.find((point) => point.x === at)?.[value] ?? null);
    const target = plot.target ? [x.map(() => plot.target?.value ?? null)] : [];
    const hidden = { width: 0, points: { show: false }, spanGaps: true };
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: { range: span(plot) } },
        axes: [
          { ...axisLook, label: texts.axis, labelFont: font, labelSize: 20, size: 32, values: (_, ticks) => ticks.map(count) },
          { ...axisLook, size: 46, values: (_, ticks) => ticks.map(figure) },
        ],
        series: [
          {},
          ...plot.series.flatMap((one) => [{ stroke: one.color, width: 2, points: { show: false }, spanGaps: true, ...(one.dashed ? { dash: [4, 4] } : {}) }, hidden, hidden]),
          ...target.map(() => ({ stroke: good, width: 1, dash: [8, 4], points: { show: false } })),
        ],
        bands: plot.series.map((one, k) => ({ series: [3 * k + 3, 3 * k + 2] as [number, number], fill: `${one.color}22` })),
      },
      [x, ...plot.series.flatMap((one) => [column(one, "y"), column(one, "low"), column(one, "high")]), ...target],
      element,
    );
    const resize = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      chart.destroy();
    };
  }, [plot, scheme]);

  return (
    <section className="lw-panel">
      <div className={css.head}>
        <h2>{texts.curves}</h2>
        <Download name={`${plan.line.name} plan`} {...tableOf(plan)} picture={() => svgOf(plot)} />
      </div>
      <div ref={box} className={css.chart} role="img" aria-label={texts.chart(words(plan.metric))} />
      <ul className={css.legend}>
        {plot.series.map((one) => (
          <li key={one.name}>
            <i style={{ borderTopColor: one.color, borderTopStyle: one.dashed ? "dashed" : "solid" }} aria-hidden /> {one.name}
          </li>
        ))}
        {plot.target && (
          <li>
            <i data-target aria-hidden /> {plot.target.name}
          </li>
        )}
      </ul>
      <p className="lw-quiet lw-small">{texts.curvesNote}</p>
    </section>
  );
}
