import type { Label } from "@/api/types";
import { classColor } from "@/ui/colors";
import { s } from "@/ui/strings";
import css from "./batch.module.css";
import type { Batch } from "./requests";

/** What the batch is made of, beside what all items are made of. */
export function Mix({ mix, n, labels }: { mix: Batch["mix"]; n: number; labels: readonly Label[] }) {
  if (n === 0 || mix.length === 0) return null;
  return (
    <section className="lw-panel" data-testid="mix">
      <h2>{s.batch.mix}</h2>
      {mix.map((part) => (
        <div key={part.by} className={css.part}>
          <h3>{s.batch.mixBy[part.by] ?? part.by}</h3>
          <ul className={css.bars}>
            {part.values.map((one) => {
              const label = labels.findIndex((other) => other.name === one.value);
              return (
                <li key={one.value}>
                  <span dir="auto" className="lw-clip" title={one.rule ?? undefined}>
                    {one.value}
                    {one.rule !== null && <span className="lw-quiet lw-small"> ({one.rule})</span>}
                  </span>
                  <span className={css.bar} aria-hidden>
                    <span style={{ width: `${(100 * one.n) / n}%`, background: part.by === "prediction" && label >= 0 ? classColor(label) : undefined }} />
                    {one.of_pool !== null && <i style={{ insetInlineStart: `${100 * one.of_pool}%` }} />}
                  </span>
                  <span className="lw-num lw-small" title={one.of_pool === null ? undefined : s.batch.ofPool(one.of_pool)}>
                    {one.n}
                  </span>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </section>
  );
}
