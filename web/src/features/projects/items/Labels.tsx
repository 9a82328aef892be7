import type { ItemLabel, Question } from "@/api/types";
import { classColor } from "@/ui/colors";
import { figure, plural } from "@/ui/format";
import { Badge, Dot } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./items.module.css";

/** The label of every question, with its confidence and the answers behind it. */
export function Labels({ labels, questions }: { labels: readonly ItemLabel[]; questions: readonly Question[] }) {
  if (labels.length === 0) return <p className="lw-quiet lw-small">{s.records.none}</p>;
  return (
    <ul className={css.labels}>
      {labels.map((one) => {
        const question = questions.find((other) => other.id === one.question);
        const at = question?.labels.findIndex((label) => label.name === one.label) ?? -1;
        return (
          <li key={one.question} data-testid={`label-of-${one.question}`}>
            {questions.length > 1 && <span className="lw-quiet lw-small" dir="auto">{question?.name ?? one.question}</span>}
            <span className={css.current}>
              {at >= 0 && <Dot color={classColor(at)} />}
              {one.label === null ? <span className="lw-quiet">{s.records.none}</span> : <b dir="auto">{one.label}</b>}
              {one.label !== null && one.confidence !== null && <span className="lw-quiet lw-small lw-num">{s.records.confidence(figure(one.confidence))}</span>}
              {one.n_answers > 0 && <span className="lw-quiet lw-small lw-num">{plural(one.n_answers, "answer")}</span>}
              {one.provisional && (
                <span title={s.records.provisionalText}>
                  <Badge tone="accent">{s.records.provisional}</Badge>
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
