import { useElementSize } from "@mantine/hooks";
import { useState, type RefObject } from "react";
import { place, span, tickText, type Point } from "./points";
import css from "./evaluation.module.css";

interface Props {
  points: readonly Point[];
  label: string;
  xName: string;
  yName: string;
  /** What points are compared with: equal x and y, or one level. */
  against: "diagonal" | number | null;
  /** Names under the points, in place of numbers. */
  names?: readonly string[];
  svg: RefObject<SVGSVGElement | null>;
}

const MIN_WIDTH = 260;
const NAME_WIDTH = 74;

/** Points with their intervals against a line. */
export function Points({ points, label, xName, yName, against, names, svg }: Props) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [picked, setPicked] = useState<number | null>(null);
  const box = { width: Math.max(width, MIN_WIDTH), height: 260, left: 52, right: 12, top: 10, bottom: 44 };
  const isShare = against === "diagonal";
  const xs = points.map((one) => one.x);
  const ys = points.flatMap((one) => [one.low, one.high, one.value]);
  const x: [number, number] = names ? [-0.5, names.length - 0.5] : span(xs);
  const y = span(ys, typeof against === "number" ? [against] : isShare ? xs : []);
  const placed = place(points, x, y, box);
  const every = names ? Math.max(1, Math.ceil((names.length * NAME_WIDTH) / (box.width - box.left))) : 1;
  const inside = (value: number, [low, high]: [number, number]) => Math.min(Math.max(value, low), high);
  const ends: [number, number] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])];
  const floor = box.height - box.bottom;
  return (
    <figure className={css.chart}>
      <div ref={ref}>
        {width > 0 && (
          <svg ref={svg} width={box.width} height={box.height} role="group" aria-label={label}>
            {placed.yTicks.map((tick) => (
              <g key={tick.value}>
                <line className={css.grid} x1={box.left} x2={box.width - box.right} y1={tick.at} y2={tick.at} />
                <text x={box.left - 8} y={tick.at + 4} textAnchor="end">{tickText(tick.value)}</text>
              </g>
            ))}
            {!names && placed.xTicks.map((tick) => <text key={tick.value} x={tick.at} y={floor + 18} textAnchor="middle">{tickText(tick.value)}</text>)}
            {names?.map((name, k) => k % every === 0 && <text key={name} x={placed.toX(k)} y={floor + 18} textAnchor="middle">{name}</text>)}
            <line className={css.axis} x1={box.left} x2={box.width - box.right} y1={floor} y2={floor} />
            <text x={(box.left + box.width) / 2} y={box.height - 6} textAnchor="middle">{xName}</text>
            <text transform={`translate(12 ${floor / 2}) rotate(-90)`} textAnchor="middle">{yName}</text>
            {isShare && <line className={css.against} x1={placed.toX(ends[0])} y1={placed.toY(ends[0])} x2={placed.toX(ends[1])} y2={placed.toY(ends[1])} />}
            {typeof against === "number" && <line className={css.against} x1={box.left} x2={box.width - box.right} y1={placed.toY(inside(against, y))} y2={placed.toY(inside(against, y))} />}
            {placed.points.map((point, k) => (
              <g key={point.text} role="img" tabIndex={0} className={css.point} aria-label={point.text} onFocus={() => setPicked(k)} onMouseEnter={() => setPicked(k)}>
                <line className={css.bar} x1={point.x} x2={point.x} y1={point.top} y2={point.bottom} />
                <rect className={css.target} x={point.x - 12} y={Math.min(point.top, point.y - 12)} width={24} height={Math.max(24, point.bottom - point.top)} />
                <circle className={css.mark} cx={point.x} cy={point.y} r={4.5} />
              </g>
            ))}
          </svg>
        )}
      </div>
      <figcaption className="lw-small" aria-live="polite">{points[picked ?? -1]?.text ?? label}</figcaption>
    </figure>
  );
}
