import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import { Download } from "@/ui/Download";
import { svgOf } from "@/ui/plot";
import { s } from "@/ui/strings";
import { inWords, Interval, type Unit } from "./Interval";
import type { TeamFigure, WorkSpan } from "./requests";
import { roundUp } from "./scatter";
import css from "./team.module.css";

interface Props {
  title: string;
  spans: readonly WorkSpan[];
  of: (span: WorkSpan) => TeamFigure;
  unit: Unit;
}

const HEIGHT = 150;
const LEFT = 40;
const COLUMNS = ["since", "until", "value", "low", "high", "n"] as const;

/** One figure over time, each with its interval; a point can be focused and is read out. */
export function Series({ title, spans, of, unit }: Props) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [picked, setPicked] = useState<number | null>(null);
  const known = spans.map((span, at) => ({ span, at, figure: of(span) })).filter((one) => one.figure.value !== null);
  const last = known.at(-1);
  if (!last) return null;
  const top = unit === "share" ? 1 : roundUp(Math.max(...known.map((one) => one.figure.high ?? one.figure.value ?? 0)));
  const x = (at: number) => LEFT + 8 + (spans.length === 1 ? 0.5 : at / (spans.length - 1)) * Math.max(0, width - LEFT - 24);
  const y = (value: number) => HEIGHT - 22 - (value / top) * (HEIGHT - 34);
  const shown = known.find((one) => one.at === picked) ?? last;
  const picture = () =>
    svgOf({
      x: s.team.person.days,
      y: unit,
      series: [{ name: title, color: "#3652bb", interval: "bars", points: known.map(({ at, figure }) => ({ x: at + 1, y: figure.value ?? 0, low: figure.low ?? undefined, high: figure.high ?? undefined })) }],
    });
  const day = (span: WorkSpan) => (span.since === span.until ? span.since : `${span.since} – ${span.until}`);
  return (
    <figure className={css.chart}>
      <div className={css.chartHead}>
        <h3>{title}</h3>
        <Download name={title} columns={COLUMNS} rows={known.map(({ span, figure }) => ({ since: span.since, until: span.until, value: figure.value, low: figure.low, high: figure.high, n: figure.n }))} picture={picture} />
      </div>
      <div ref={ref}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="group" aria-label={title}>
            {[0, 0.5, 1].map((share) => (
              <g key={share}>
                <line className={css.grid} x1={LEFT} x2={width} y1={y(share * top)} y2={y(share * top)} />
                <text x={LEFT - 6} y={y(share * top) + 4} textAnchor="end">{unit === "share" ? (share * top).toFixed(1) : `${Number((share * top).toPrecision(2))} s`}</text>
              </g>
            ))}
            {known.map(({ span, at, figure }) => (
              <g key={span.since} className={css.point} tabIndex={0} role="img" aria-label={s.team.person.dayLabel(span.since, span.until, inWords(figure, unit) ?? "")} onFocus={() => setPicked(at)} onMouseEnter={() => setPicked(at)}>
                {figure.low !== null && figure.high !== null && <path className={css.bars} d={`M${x(at)} ${y(figure.low)}V${y(Math.min(figure.high, top))}`} />}
                <circle className={css.target} cx={x(at)} cy={y(figure.value ?? 0)} r={9} />
                <circle className={css.mark} cx={x(at)} cy={y(figure.value ?? 0)} r={4.5} />
              </g>
            ))}
            <text x={LEFT} y={HEIGHT - 4}>{spans[0]?.since}</text>
            {spans.length > 1 && <text x={width} y={HEIGHT - 4} textAnchor="end">{spans.at(-1)?.until}</text>}
          </svg>
        )}
      </div>
      <figcaption>
        <span className={css.readout}>
          <span className="lw-quiet">{day(shown.span)}</span> <Interval of={shown.figure} unit={unit} />
        </span>
      </figcaption>
    </figure>
  );
}
