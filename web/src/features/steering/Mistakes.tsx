import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { count } from "@/ui/format";
import { ErrorNotice, Figure } from "@/ui/parts";
import { s } from "@/ui/strings";
import { mistakesQuery, type Mistakes as Found } from "./requests";
import css from "./mistakes.module.css";

const MAX_MATRIX = 12;
const MAX_LISTED = 15;
type Cell = Found["cells"][number];

/** What the model gets wrong on the reserve, by class and by pair of classes; a cell leads to its items. */
export function Mistakes({ slug }: { slug: string }) {
  const query = useQuery(mistakesQuery(slug));
  const [by, setBy] = useState<"pairs" | "classes">("pairs");
  const [chosen, choose] = useState<Cell | null>(null);
  if (query.error) return <ErrorNotice error={asApiError(query.error)} />;
  const found = query.data;
  if (!found) return <p className="lw-quiet lw-small">{s.common.loading}</p>;
  if (found.n === 0) return <p className="lw-quiet lw-small">{s.mistakes.empty}</p>;
  if (found.classes.length === 0) return <FarOff slug={slug} found={found} />;
  return (
    <div className={css.mistakes}>
      <div className={css.head}>
        <p className="lw-quiet lw-small">{found.enough ? s.mistakes.basis(found.n) : s.mistakes.fewBasis(found.n)}</p>
        <SegmentedControl
          size="xs"
          value={by}
          onChange={(value) => setBy(value as "pairs" | "classes")}
          data={[
            { value: "pairs", label: s.mistakes.pairs },
            { value: "classes", label: s.mistakes.classes },
          ]}
        />
      </div>
      {by === "classes" ? <Classes found={found} /> : <Pairs found={found} chosen={chosen} choose={choose} />}
      {by === "pairs" && chosen && <Items slug={slug} cell={chosen} />}
    </div>
  );
}

function Pairs({ found, chosen, choose }: { found: Found; chosen: Cell | null; choose: (cell: Cell) => void }) {
  const names = found.classes.map((one) => one.name);
  const isMatrix = names.length <= MAX_MATRIX && found.cells.every((cell) => cell.truth !== null && cell.predicted !== null);
  if (!isMatrix) return <Confused found={found} chosen={chosen} choose={choose} />;
  const most = Math.max(...found.cells.map((cell) => cell.n));
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={s.mistakes.matrix}>
      <table className={css.matrix}>
        <caption className="lw-quiet lw-small">{s.mistakes.matrixText}</caption>
        <thead>
          <tr>
            <th scope="col">{s.mistakes.truth}</th>
            {names.map((name) => (
              <th key={name} scope="col" title={name}>
                <span className="lw-clip">{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((truth) => (
            <tr key={truth}>
              <th scope="row" title={truth}>
                <span className="lw-clip">{truth}</span>
              </th>
              {names.map((predicted) => {
                const cell = found.cells.find((one) => one.truth === truth && one.predicted === predicted);
                if (!cell) return <td key={predicted} aria-label="0" />;
                const style = { "--share": cell.n / most } as React.CSSProperties;
                return (
                  <td key={predicted}>
                    <button type="button" style={style} data-right={truth === predicted || undefined} aria-pressed={chosen === cell} aria-label={s.mistakes.cell(cell.n, truth, predicted)} onClick={() => choose(cell)}>
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
  );
}

/** Many classes, or several labels an item: the confusions that occur most. */
function Confused({ found, chosen, choose }: { found: Found; chosen: Cell | null; choose: (cell: Cell) => void }) {
  const wrong = found.cells.filter((cell) => cell.truth !== cell.predicted).slice(0, MAX_LISTED);
  if (wrong.length === 0) return <p className="lw-quiet lw-small">{s.mistakes.none}</p>;
  return (
    <ol className={css.confused}>
      {wrong.map((cell) => (
        <li key={`${cell.truth} ${cell.predicted}`}>
          <button type="button" aria-pressed={chosen === cell} onClick={() => choose(cell)}>
            <b className="lw-num">{count(cell.n)}</b> {s.mistakes.confused(cell.truth ?? null, cell.predicted ?? null)}
          </button>
        </li>
      ))}
    </ol>
  );
}

function Classes({ found }: { found: Found }) {
  const sorted = [...found.classes].sort((a, b) => (a.recall?.value ?? 2) - (b.recall?.value ?? 2));
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={s.mistakes.classes}>
      <table className={css.classes}>
        <thead>
          <tr>
            <th scope="col">{s.mistakes.class}</th>
            <th scope="col">{s.mistakes.found}</th>
            <th scope="col">{s.mistakes.right}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              <td>{one.recall ? <Figure estimate={one.recall} /> : "–"}</td>
              <td>{one.precision ? <Figure estimate={one.precision} /> : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Items({ slug, cell }: { slug: string; cell: Cell }) {
  return (
    <div className={css.items} aria-live="polite">
      <h3>{s.mistakes.itemsOf(cell.n, cell.truth ?? null, cell.predicted ?? null)}</h3>
      <ul>
        {cell.items.map((id) => (
          <li key={id}>
            <Link to="/p/$slug/items/$id" params={{ slug, id }}>
              {id}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function FarOff({ slug, found }: { slug: string; found: Found }) {
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={s.mistakes.farOff}>
      <table className={css.classes}>
        <caption className="lw-quiet lw-small">{s.mistakes.farOff}</caption>
        <thead>
          <tr>
            <th scope="col">{s.mistakes.item}</th>
            <th scope="col">{s.mistakes.truth}</th>
            <th scope="col">{s.mistakes.predicted}</th>
          </tr>
        </thead>
        <tbody>
          {found.far_off.slice(0, MAX_LISTED).map((one) => (
            <tr key={one.item}>
              <th scope="row">
                <Link to="/p/$slug/items/$id" params={{ slug, id: one.item }}>
                  {one.item}
                </Link>
              </th>
              <td className="lw-num">{one.truth.toPrecision(3)}</td>
              <td className="lw-num">{one.predicted.toPrecision(3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
