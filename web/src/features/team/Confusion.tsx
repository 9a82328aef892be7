import { useState } from "react";
import { Download } from "@/ui/Download";
import { count } from "@/ui/format";
import { s } from "@/ui/strings";
import { Items } from "./Items";
import type { Cell } from "./requests";
import css from "./team.module.css";

const texts = s.team.person;
const MAX_CLASSES = 10;
const MAX_LISTED = 20;

/** What a person gave where something was expected: a matrix, or the most frequent ones where there are many classes. */
export function Confusion({ slug, title, cells }: { slug: string; title: string; cells: readonly Cell[] }) {
  const [chosen, setChosen] = useState<Cell | null>(null);
  const names = [...new Set(cells.flatMap((cell) => [cell.expected, cell.given]))].sort();
  const most = Math.max(1, ...cells.map((cell) => cell.n));
  return (
    <section>
      <div className={css.chartHead}>
        <h3>{title}</h3>
        {cells.length > 0 && <Download name={title} columns={["expected", "given", "n"]} rows={cells.map(({ expected, given, n }) => ({ expected, given, n }))} />}
      </div>
      {cells.length === 0 && <p className="lw-quiet lw-small">{texts.byNone}</p>}
      {cells.length > 0 && names.length <= MAX_CLASSES && (
        <div className={css.scroll} tabIndex={0} role="region" aria-label={title}>
          <table className={css.matrix}>
            <thead>
              <tr>
                <th scope="col">
                  <span className="lw-quiet lw-small">{texts.expected} ↓ · {texts.given} →</span>
                </th>
                {names.map((name) => (
                  <th key={name} scope="col" title={name}>
                    <span className="lw-clip">{name}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {names.map((expected) => (
                <tr key={expected}>
                  <th scope="row" title={expected}>{expected}</th>
                  {names.map((given) => {
                    const cell = cells.find((one) => one.expected === expected && one.given === given);
                    if (!cell) return <td key={given} aria-label="0" />;
                    return (
                      <td key={given}>
                        <button
                          type="button"
                          style={{ "--share": cell.n / most } as React.CSSProperties}
                          data-right={expected === given || undefined}
                          aria-pressed={chosen === cell}
                          aria-label={texts.cell(Math.round(cell.n), expected, given)}
                          onClick={() => setChosen(cell)}
                        >
                          {count(cell.n)}
                        </button>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {names.length > MAX_CLASSES && (
        <ol className={css.confused}>
          {cells
            .filter((cell) => cell.expected !== cell.given)
            .slice(0, MAX_LISTED)
            .map((cell) => (
              <li key={`${cell.expected} ${cell.given}`}>
                <button type="button" aria-pressed={chosen === cell} onClick={() => setChosen(cell)}>
                  {texts.cell(Math.round(cell.n), cell.expected, cell.given)}
                </button>
              </li>
            ))}
        </ol>
      )}
      <div aria-live="polite">{chosen && <Items slug={slug} items={chosen.items} label={texts.itemsOf(chosen.expected, chosen.given)} />}</div>
    </section>
  );
}
