import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { count } from "@/ui/format";
import { s } from "@/ui/strings";
import { ChangedLabels } from "./ChangedLabels";
import type { ChangeKind, Moments, QuestionDiff } from "./requests";
import css from "./versions.module.css";

const texts = s.versions;
const KINDS = ["added", "changed", "removed"] as const;
const ALL = "all";

interface Props {
  slug: string;
  moments: Moments;
  question: QuestionDiff;
  /** Whether its text is shown, as where there are several. */
  named: boolean;
}

/** What differs in the labels of one question: how many, of which class, and each of them. */
export function OfQuestion({ slug, moments, question, named }: Props) {
  const [kind, setKind] = useState<ChangeKind | null>(null);
  const n = question.added + question.changed + question.removed;
  return (
    <div className={css.question} data-testid="question-diff">
      <h3 dir="auto">{named ? question.text : texts.balance}</h3>
      <p className="lw-small">{texts.totals(question.n_before, question.n_after)}</p>
      <Balance question={question} />
      {n === 0 ? (
        <p className="lw-quiet">{texts.unchanged}</p>
      ) : (
        <>
          <h3>{texts.rows}</h3>
          <div className={css.kinds}>
            <SegmentedControl
              aria-label={texts.which}
              value={kind ?? ALL}
              onChange={(value) => setKind(value === ALL ? null : (value as ChangeKind))}
              data={[{ value: ALL, label: texts.chip(texts.all, n) }, ...KINDS.map((one) => ({ value: one, label: texts.chip(texts.changes[one], question[one]) }))]}
            />
          </div>
          <ChangedLabels slug={slug} moments={moments} question={question.question} kind={kind} />
        </>
      )}
    </div>
  );
}

/** Two bars a class, before and after. */
function Balance({ question }: { question: QuestionDiff }) {
  const most = Math.max(1, ...question.balance.flatMap((one) => [one.before, one.after]));
  if (question.balance.length === 0) return null;
  return (
    <>
      <p className={`${css.legend} lw-small lw-quiet`} aria-hidden>
        <span data-bar="before" /> {texts.before} <span data-bar="after" /> {texts.after}
      </p>
      <ul className={css.balance} aria-label={texts.balance}>
        {question.balance.map((one) => (
          <li key={one.name}>
            <span className="lw-clip" dir="auto" title={one.name} aria-hidden>
              {one.name}
            </span>
            <span className={css.bars} aria-hidden>
              <span data-bar="before" style={{ width: `${(100 * one.before) / most}%`, minWidth: one.before > 0 ? 1 : 0 }} />
              <span data-bar="after" style={{ width: `${(100 * one.after) / most}%`, minWidth: one.after > 0 ? 1 : 0 }} />
            </span>
            <span className="lw-num lw-small" aria-hidden>
              {count(one.before)} → {count(one.after)}
            </span>
            <span className="lw-hidden">{texts.balanceBar(one.name, one.before, one.after)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
