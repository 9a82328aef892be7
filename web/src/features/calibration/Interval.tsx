import { figure as digits } from "@/ui/format";
import { s } from "@/ui/strings";
import css from "./calibration.module.css";
import type { Figure } from "./requests";

/** A figure with its interval, or that it is not known; a difference has a sign. */
export function Interval({ figure, signed = false }: { figure: Figure; signed?: boolean }) {
  const say = (value: number) => (signed && value > 0 ? `+${digits(value)}` : digits(value));
  if (figure.value === null) return <span className="lw-quiet" title={s.calibration.noFigureText}>{s.calibration.noFigure}</span>;
  const { low, high } = figure;
  return (
    <span className={`${css.figure} lw-num`}>
      <b>{say(figure.value)}</b> <span>{low === null || high === null ? s.calibration.noInterval : `[${say(low)}, ${say(high)}]`}</span>
    </span>
  );
}
