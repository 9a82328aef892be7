import { s } from "@/ui/strings";
import css from "./label.module.css";

/** The last hour as twelve small bars. */
export function Pace({ pace }: { pace: number[] }) {
  const top = Math.max(1, ...pace);
  return (
    <span className={css.pace} role="img" aria-label={s.label.pace(pace.reduce((a, b) => a + b, 0))} title={s.label.pace(pace.reduce((a, b) => a + b, 0))}>
      {pace.map((n, i) => (
        <i key={i} style={{ height: `${Math.max(8, (n / top) * 100)}%`, opacity: n === 0 ? 0.35 : 1 }} />
      ))}
    </span>
  );
}
