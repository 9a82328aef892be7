import { useElementSize } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Download } from "@/ui/Download";
import { svgOf } from "@/ui/plot";
import { s } from "@/ui/strings";
import { inWords } from "./Interval";
import type { PersonLine } from "./requests";
import { names, scatter } from "./scatter";
import css from "./team.module.css";

const MOST_NAMED = 20; // names that a picture has room for

interface Props {
  slug: string;
  people: readonly PersonLine[];
  alarms: ReadonlySet<string>;
}

/** Everybody's speed against agreement, with bars for both intervals; a point leads to its person. */
export function Scatter({ slug, people, alarms }: Props) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [picked, setPicked] = useState<string | null>(null);
  const navigate = useNavigate();
  const narrow = width < 560;
  const box = { width: Math.max(width, 280), height: narrow ? 280 : 340, left: 46, right: 16, top: 12, bottom: 44 };
  const found = scatter(people, alarms, box);
  const named = names(found.points, box);
  const worded = (one: PersonLine) => s.team.chart.point(one.name, inWords(one.pace.seconds, "seconds") ?? "", inWords(one.skill.agreement) ?? "", alarms.has(one.person_id));
  const shown = people.find((one) => one.person_id === picked);
  return (
    <figure className={css.chart} data-testid="scatter">
      <div ref={ref}>
        {width > 0 && found.points.length > 0 && (
          <svg width={box.width} height={box.height} role="group" aria-label={s.team.chart.label(found.points.length)}>
            {found.yTicks.map((tick) => (
              <g key={tick.text}>
                <line className={css.grid} x1={box.left} x2={box.width - box.right} y1={tick.at} y2={tick.at} />
                <text x={box.left - 8} y={tick.at + 4} textAnchor="end">{tick.text}</text>
              </g>
            ))}
            {found.xTicks.map((tick) => (
              <g key={tick.text}>
                <line className={css.grid} x1={tick.at} x2={tick.at} y1={box.top} y2={box.height - box.bottom} />
                <text x={tick.at} y={box.height - box.bottom + 18} textAnchor="middle">{tick.text}</text>
              </g>
            ))}
            <text x={(box.left + box.width) / 2} y={box.height - 6} textAnchor="middle">{s.team.chart.x}</text>
            <text transform={`translate(12 ${(box.height - box.bottom) / 2}) rotate(-90)`} textAnchor="middle">{s.team.chart.y}</text>
            {found.points.map((point) => {
              const person = people.find((one) => one.person_id === point.id);
              const href = `/p/${slug}/team/${point.id}`;
              return (
                <a
                  key={point.id}
                  href={href}
                  className={css.point}
                  data-alarm={point.alarm || undefined}
                  aria-label={person && worded(person)}
                  onFocus={() => setPicked(point.id)}
                  onMouseEnter={() => setPicked(point.id)}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                    event.preventDefault();
                    void navigate({ to: "/p/$slug/team/$person", params: { slug, person: point.id } });
                  }}
                >
                  <path className={css.bars} d={`M${point.left} ${point.y}H${point.right}M${point.x} ${point.bottom}V${point.top}`} />
                  <circle className={css.target} cx={point.x} cy={point.y} r={14} />
                  {point.alarm ? <path className={css.mark} d={`M${point.x} ${point.y - 8}l8 8l-8 8l-8 -8z`} /> : <circle className={css.mark} cx={point.x} cy={point.y} r={5.5} />}
                </a>
              );
            })}
            {!narrow &&
              named.map((one) => (
                <text key={one.id} x={one.x} y={one.y} textAnchor={one.anchor} className={css.name} aria-hidden>
                  {found.points.find((point) => point.id === one.id)?.name}
                </text>
              ))}
          </svg>
        )}
        {found.points.length === 0 && <p className="lw-quiet">{s.team.chart.nobody}</p>}
      </div>
      {found.points.length > 0 && <ScatterFile people={people} />}
      <figcaption>
        {found.points.length > 0 && (
          <>
            <span className={css.readout} aria-live="polite">{shown ? worded(shown) : s.team.chart.hint}</span>
            <span className={css.legend}>
              <svg width="14" height="14" aria-hidden><circle className={css.mark} cx="7" cy="7" r="5" /></svg> {s.team.chart.legend}
              {alarms.size > 0 && (
                <>
                  <svg width="16" height="16" aria-hidden data-alarm><path className={css.mark} d="M8 1l7 7l-7 7l-7 -7z" /></svg> {s.team.chart.legendLook}
                </>
              )}
            </span>
          </>
        )}
        {found.points.length > 0 && found.missing > 0 && <span className="lw-quiet lw-small">{s.team.chart.missing(found.missing)}</span>}
      </figcaption>
    </figure>
  );
}

const COLUMNS = ["person", "seconds", "seconds_low", "seconds_high", "agreement", "agreement_low", "agreement_high", "answers"] as const;

/** The points as a table, and as a picture whose interval is that of the agreement. */
function ScatterFile({ people }: { people: readonly PersonLine[] }) {
  const known = people.filter((one) => one.pace.seconds.value !== null && one.skill.agreement.value !== null);
  const rows = known.map(({ name, pace, skill }) => ({
    person: name,
    seconds: pace.seconds.value,
    seconds_low: pace.seconds.low,
    seconds_high: pace.seconds.high,
    agreement: skill.agreement.value,
    agreement_low: skill.agreement.low,
    agreement_high: skill.agreement.high,
    answers: pace.n_answers,
  }));
  const picture = () =>
    svgOf({
      x: s.team.chart.x,
      y: s.team.chart.y,
      series: rows.map((row, k) => ({
        name: row.person,
        color: `hsl(${(k * 137) % 360} 60% 38%)`,
        interval: "bars" as const,
        points: [{ x: row.seconds ?? 0, y: row.agreement ?? 0, low: row.agreement_low ?? undefined, high: row.agreement_high ?? undefined }],
      })),
    });
  return (
    <div className={css.files}>
      <Download name={s.team.chart.file} columns={COLUMNS} rows={rows} picture={rows.length <= MOST_NAMED ? picture : undefined} />
    </div>
  );
}
