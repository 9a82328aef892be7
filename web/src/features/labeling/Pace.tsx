import { s } from "@/ui/strings";
import css from "./top.module.css";

/** The last hour as twelve small bars; its place stays empty where nothing was answered. */
export function Pace({ pace }: { pace: number[] }) {
  const total = pace.reduce((a, b) => a + b, 0);
  if (total === 0) return <span className={css.pace} aria-hidden />;
  const top = Math.max(1, ...pace);
  return (
    <span className={css.pace} role="img" aria-label={s.label.pace(total)} title={s.label.pace(total)}>
      {pace.map((n, i) => (
        <i key={i} style={{ height: `${Math.max(8, (n / top) * 100)}%`, opacity: n === 0 ? 0.35 : 1 }} />
      ))}
    </span>
  );
}
