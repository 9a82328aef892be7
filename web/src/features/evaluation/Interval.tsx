import { figure } from "@/ui/format";
import { s } from "@/ui/strings";
import type { Figure } from "./requests";
import css from "./evaluation.module.css";

/** A figure with its interval and n; where there is no interval or no value, the reason. */
export function Interval({ of, withN = true, spoken = false }: { of: Figure; withN?: boolean; spoken?: boolean }) {
  if (of.value === null) {
    if (spoken) return <span className="lw-quiet lw-small">{of.why ?? s.evaluation.none}</span>;
    return (
      <span className="lw-quiet" title={of.why ?? undefined}>
        <span aria-hidden>{s.evaluation.none}</span>
        <span className="lw-hidden">{of.why}</span>
      </span>
    );
  }
  return (
    <span className={css.figure} title={of.why ?? (of.enough ? s.common.interval : s.common.tooFew)}>
      <b>{figure(of.value)}</b>
      <span>
        {of.low !== null && of.high !== null && `[${figure(of.low)}, ${figure(of.high)}]`}
        {withN && ` n=${of.n}`}
        {!of.enough && <span title={s.common.tooFew}> · {s.evaluation.fewShort}</span>}
      </span>
      {of.why && <span className={css.why}>{of.why}</span>}
    </span>
  );
}

/** The cells of a figure in a downloaded table. */
export function cells(of: Figure, prefix = "") {
  return { [`${prefix}value`]: of.value, [`${prefix}low`]: of.low, [`${prefix}high`]: of.high, [`${prefix}n`]: of.n };
}

export const CELLS = ["value", "low", "high", "n"];
