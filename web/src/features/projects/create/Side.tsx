import { Button } from "@mantine/core";
import type { ApiError } from "@/api/error";
import type { Preview } from "@/api/types";
import { count } from "@/ui/format";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./create.module.css";
import { primaryOf, type Form } from "./model";

interface Props {
  preview: Preview;
  form: Form;
  /** Why labeling cannot start yet. */
  stop: string | null;
  busy: boolean;
  error: ApiError | null;
  onStart: () => void;
}

/** What the choices mean, and the one button. */
export function Side({ preview, form, stop, busy, error, onStart }: Props) {
  const widest = Math.max(...preview.reserve.map((one) => one.half_width), 0.01);
  return (
    <aside className={css.side}>
      <section className="lw-panel">
        <h2>{s.create.side}</h2>
        <h3>{s.create.reserve}</h3>
        <p className="lw-quiet lw-small">{s.create.reserveText}</p>
        <ul className={css.reserve}>
          {preview.reserve.map((one) => (
            <li key={one.n} className="lw-num">
              <span>{s.create.reserveLine(count(one.n), primaryOf(form).task === "regression" ? null : one.half_width.toFixed(2))}</span>
              <i style={{ width: `${(one.half_width / widest) * 100}%` }} aria-hidden />
            </li>
          ))}
        </ul>
        <p className="lw-quiet lw-small">{s.create.reserveNote}</p>
        <p className="lw-quiet lw-small">{s.create.startText}</p>
        {error && <ErrorNotice error={error} />}
        {stop !== null && <p className="lw-small" role="status">{stop}</p>}
        <Button fullWidth disabled={stop !== null} loading={busy} onClick={onStart} data-testid="start">
          {s.create.start}
        </Button>
      </section>
    </aside>
  );
}
