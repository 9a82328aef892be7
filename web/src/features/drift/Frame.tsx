import { useElementSize } from "@mantine/hooks";
import type { ReactNode, RefObject } from "react";
import { tickText } from "./ticks";
import { EDGE, scales, stride, type Onset } from "./chart";
import css from "./drift.module.css";

interface Props {
  label: string;
  xName: string;
  yName: string;
  /** First day, or key, of each window. */
  names: readonly string[];
  ends: readonly [number, number];
  onsets: readonly Onset[];
  limit?: { value: number; text: string } | undefined;
  /** Read out below: what is picked, else what the chart is. */
  caption: string;
  svg: RefObject<SVGSVGElement | null>;
  children: (across: (x: number) => number, up: (y: number) => number) => ReactNode;
}

const HEIGHT = 230;
const MIN_WIDTH = 240;

/** Axes over windows with dates of onset as vertical lines; what is drawn between them is the child's. */
export function Frame({ label, xName, yName, names, ends, onsets, limit, caption, svg, children }: Props) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const box = { width: Math.max(width, MIN_WIDTH), height: HEIGHT };
  const { across, up, yTicks } = scales(names.length, ends[0], ends[1], box);
  const floor = HEIGHT - EDGE.bottom;
  const right = box.width - EDGE.right;
  const every = stride(names.length, box.width);
  return (
    <figure className={css.chart}>
      <div ref={ref}>
        {width > 0 && (
          <svg ref={svg} width={box.width} height={HEIGHT} role="group" aria-label={label}>
            {yTicks.map((tick) => (
              <g key={tick}>
                <line className={css.grid} x1={EDGE.left} x2={right} y1={up(tick)} y2={up(tick)} />
                <text x={EDGE.left - 8} y={up(tick) + 4} textAnchor="end">{tickText(tick)}</text>
              </g>
            ))}
            {names.map((name, k) => k % every === 0 && <text key={`${name} ${k}`} x={across(k + 0.5)} y={floor + 18} textAnchor="middle">{name.slice(0, 12)}</text>)}
            <line className={css.axis} x1={EDGE.left} x2={right} y1={floor} y2={floor} />
            <text x={(EDGE.left + box.width) / 2} y={HEIGHT - 6} textAnchor="middle">{xName}</text>
            <text transform={`translate(12 ${floor / 2}) rotate(-90)`} textAnchor="middle">{yName}</text>
            {limit && (
              <>
                <line className={css.limit} x1={EDGE.left} x2={right} y1={up(limit.value)} y2={up(limit.value)} />
                <text x={right} y={up(limit.value) - 5} textAnchor="end">{limit.text}</text>
              </>
            )}
            {onsets.map((onset) => (
              <line key={onset.text} className={css.onset} x1={across(onset.x)} x2={across(onset.x)} y1={EDGE.top} y2={floor}>
                <title>{onset.text}</title>
              </line>
            ))}
            {children(across, up)}
          </svg>
        )}
      </div>
      <figcaption className="lw-small" aria-live="polite">{caption}</figcaption>
      {onsets.length > 0 && (
        <ul className={css.onsets}>
          {onsets.map((onset) => <li key={onset.text}>{onset.text}</li>)}
        </ul>
      )}
    </figure>
  );
}
