import { count, duration, figure } from "@/ui/format";
import { s } from "@/ui/strings";
import type { TeamFigure } from "./requests";
import css from "./team.module.css";

/** An amount in the currency of the project, which has no name. */
export const money = (value: number) => (value >= 100 ? count(value) : value.toFixed(value < 1 ? 3 : 2));

const SHOWN = {
  money,
  share: figure,
  seconds: duration,
  plain: (value: number) => value.toPrecision(3).replace(/\.?0+$/, ""),
};
export type Unit = keyof typeof SHOWN;

/** The figure in words, for labels; null where it is undefined. */
export function inWords(of: TeamFigure, unit: Unit = "share"): string | null {
  if (of.value === null) return null;
  const show = (value: number | null) => (value === null ? null : SHOWN[unit](value));
  return s.team.figure(SHOWN[unit](of.value), show(of.low), show(of.high), of.n);
}

interface Props {
  of: TeamFigure | null | undefined;
  unit?: Unit;
  withN?: boolean;
  /** Whether the reason for a missing figure is spelled out. */
  spoken?: boolean;
  /** In a table, where there is little room. */
  brief?: boolean;
}

/** A figure, always with its interval; where there is none, the reason. */
export function Interval({ of, unit = "share", withN = true, spoken = false, brief = false }: Props) {
  if (!of) return <span className="lw-quiet">{s.team.none}</span>;
  if (of.value === null) {
    if (spoken) return <span className="lw-quiet lw-small">{of.why ?? s.team.none}</span>;
    return (
      <span className="lw-quiet" title={of.why ?? undefined}>
        <span aria-hidden>{s.team.none}</span>
        <span className="lw-hidden">{of.why}</span>
      </span>
    );
  }
  const show = SHOWN[unit];
  return (
    <span className={css.figure} title={of.enough ? s.common.interval : s.common.tooFew}>
      <b>{show(of.value)}</b>
      <span>
        {of.low !== null && of.high !== null && `[${show(of.low)}, ${show(of.high)}]`}
        {withN && ` n=${of.n}`}
        {!of.enough && of.n > 0 && ` · ${brief ? s.team.few : s.common.tooFew}`}
      </span>
    </span>
  );
}
