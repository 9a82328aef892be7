import { count } from "@/ui/format";
import { s } from "@/ui/strings";
import { Scroll } from "./Block";
import type { Mistakes } from "./requests";
import css from "./evaluation.module.css";

const texts = s.evaluation.errors;
const MAX_CLASSES = 12;
const MAX_LISTED = 20;
export type Cell = Mistakes["cells"][number];

interface Props {
  found: Mistakes;
  chosen: Cell | null;
  choose: (cell: Cell) => void;
}

/** Whether there are few classes, and one an item. */
export function isMatrix(found: Mistakes | undefined): boolean {
  return found !== undefined && found.classes.length <= MAX_CLASSES && found.cells.every((cell) => cell.truth !== null && cell.predicted !== null);
}

/** The table of labels against predictions; of many classes or several labels an item, the most frequent confusions. */
export function Matrix({ found, chosen, choose }: Props) {
  const names = found.classes.map((one) => one.name);
  const most = Math.max(1, ...found.cells.map((cell) => cell.n));
  const isChosen = (cell: Cell) => chosen?.truth === cell.truth && chosen.predicted === cell.predicted;
  if (!isMatrix(found)) return <Confused found={found} isChosen={isChosen} choose={choose} />;
  return (
    <Scroll label={texts.matrix}>
      <table className={css.matrix}>
        <thead>
          <tr>
            <th scope="col" className="lw-quiet lw-small">
              {texts.label} ↓ · {texts.predicted} →
            </th>
            {names.map((name) => (
              <th key={name} scope="col" title={name}>
                <span className="lw-clip" dir="auto">{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((truth) => (
            <tr key={truth}>
              <th scope="row" title={truth}>
                <span className="lw-clip" dir="auto">{truth}</span>
              </th>
              {names.map((predicted) => {
                const cell = found.cells.find((one) => one.truth === truth && one.predicted === predicted);
                if (!cell) return <td key={predicted} aria-label="0" />;
                const style = { "--share": cell.n / most } as React.CSSProperties;
                return (
                  <td key={predicted}>
                    <button type="button" style={style} data-right={truth === predicted || undefined} aria-pressed={isChosen(cell)} aria-label={texts.cell(cell.n, truth, predicted)} onClick={() => choose(cell)}>
                      {count(cell.n)}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Confused({ found, isChosen, choose }: { found: Mistakes; isChosen: (cell: Cell) => boolean; choose: (cell: Cell) => void }) {
  const wrong = found.cells.filter((cell) => cell.truth !== cell.predicted).slice(0, MAX_LISTED);
  if (wrong.length === 0) return <p className="lw-quiet lw-small">{texts.none}</p>;
  return (
    <ol className={css.confused}>
      {wrong.map((cell) => (
        <li key={`${cell.truth} ${cell.predicted}`}>
          <button type="button" aria-pressed={isChosen(cell)} onClick={() => choose(cell)}>
            {texts.itemsOf(cell.n, cell.truth ?? null, cell.predicted ?? null)}
          </button>
        </li>
      ))}
    </ol>
  );
}
