import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { Download } from "@/ui/Download";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Block } from "./Block";
import { ItemLinks } from "./ItemLinks";
import { isMatrix, Matrix, type Cell } from "./Matrix";
import { mistakesQuery, type Evaluation } from "./requests";
import { Send } from "./Send";
import { WorstItems } from "./WorstItems";
import css from "./evaluation.module.css";

const texts = s.evaluation.errors;

/** Confusions with the items behind each cell, and the errors that the model was surest of. */
export function Errors({ slug, found }: { slug: string; found: Evaluation }) {
  const query = useQuery(mistakesQuery(slug, found.question));
  const [chosen, choose] = useState<Cell | null>(null);
  const cells = query.data?.cells ?? [];
  const rows = cells.map((one) => ({ label: one.truth ?? null, model: one.predicted ?? null, n: one.n, items: one.items.join(" ") }));
  return (
    <Block
      title={texts.title}
      text={cells.length > 0 && (isMatrix(query.data) ? texts.text : texts.listText)}
      testId="evaluation-errors"
      action={cells.length > 0 && <Download name={`${slug} confusions`} columns={["label", "model", "n", "items"]} rows={rows} />}
    >
      {query.error && <ErrorNotice error={asApiError(query.error)} />}
      <div className={css.columns}>
        {query.data && query.data.classes.length > 0 && (
          <div>
            <Matrix found={query.data} chosen={chosen} choose={choose} />
            <div aria-live="polite">
              {chosen && (
                <div className={css.items} data-testid="cell-items">
                  <h3>{texts.itemsOf(chosen.n, chosen.truth ?? null, chosen.predicted ?? null)}</h3>
                  {chosen.items.length < chosen.n && <p className="lw-quiet lw-small">{texts.firstOf(chosen.items.length, chosen.n)}</p>}
                  <ItemLinks slug={slug} items={chosen.items} />
                  <Send key={`${chosen.truth} ${chosen.predicted}`} slug={slug} question={found.question} items={chosen.items} />
                </div>
              )}
            </div>
          </div>
        )}
        <WorstItems slug={slug} question={found.question} />
      </div>
    </Block>
  );
}
