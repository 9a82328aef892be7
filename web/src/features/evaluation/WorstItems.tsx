import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { Download } from "@/ui/Download";
import { figure } from "@/ui/format";
import { ErrorNotice, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Scroll } from "./Block";
import { worstQuery } from "./requests";
import { Send } from "./Send";
import css from "./evaluation.module.css";

const texts = s.evaluation.errors;
const FIRST = 8;

/** The errors that the model was surest of, or the numbers that it is farthest off. */
export function WorstItems({ slug, question }: { slug: string; question: string }) {
  const query = useQuery(worstQuery(slug, question));
  const [all, setAll] = useState(false);
  const found = query.data;
  if (query.error) return <ErrorNotice error={asApiError(query.error)} />;
  if (!found) return <p className="lw-quiet lw-small">{s.common.loading}</p>;
  if (found.n_wrong === 0) return <p className="lw-quiet lw-small">{texts.none}</p>;
  const shown = all ? found.items : found.items.slice(0, FIRST);
  const isSure = found.items.some((one) => one.confidence !== null);
  const rows = found.items.map((one) => ({ item: one.item, label: one.label, model: one.predicted, confidence: one.confidence }));
  return (
    <div data-testid="evaluation-worst">
      <div className={css.head}>
        <h3>{texts.worst}</h3>
        <Download name={`${slug} errors`} columns={["item", "label", "model", "confidence"]} rows={rows} />
      </div>
      <p className="lw-quiet lw-small">{isSure ? texts.worstText(found.n_wrong) : texts.farText}</p>
      <Scroll label={texts.worst}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{texts.item}</th>
              <th scope="col">{texts.label}</th>
              <th scope="col">{texts.predicted}</th>
              {isSure && <th scope="col" data-number>{texts.sure}</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.item}>
                <th scope="row" className={css.peek}>
                  <Link to="/p/$slug/items/$id" params={{ slug, id: one.item }}>{one.item}</Link> <Peek preview={one.preview} />
                </th>
                <td dir="auto">{one.label}</td>
                <td dir="auto">{one.predicted}</td>
                {isSure && <td data-number>{one.confidence === null ? s.evaluation.none : figure(one.confidence)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {!all && found.items.length > FIRST && (
        <Button size="xs" variant="subtle" onClick={() => setAll(true)}>
          {s.common.more}
        </Button>
      )}
      <Send slug={slug} question={question} items={shown.map((one) => one.item)} />
    </div>
  );
}
