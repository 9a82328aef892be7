import { useKeysOf } from "@/actions/Keyed";
import { RECENT } from "@/actions/keys";
import type { Question } from "@/api/types";
import { taskOf } from "@/tasks";
import { classColor } from "@/ui/colors";
import { Dot, KeyCap, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./label.module.css";
import { kindOf, summaryOf } from "./answers";
import type { Done } from "./state";

/** The last five answers, each one key away from correction. The space is kept while there are fewer. */
export function Recent({ done, questions, onPick }: { done: readonly Done[]; questions: readonly Question[]; onPick: (one: Done) => void }) {
  const keys = [useKeysOf("recent.1"), useKeysOf("recent.2"), useKeysOf("recent.3"), useKeysOf("recent.4"), useKeysOf("recent.5")];
  return (
    <ol className={css.recent} aria-label={s.label.recent}>
      {done.slice(0, RECENT).map((one, i) => {
        const kind = kindOf(one);
        return (
          <li key={one.ref}>
            <button type="button" onClick={() => onPick(one)} title={s.label.correctIt(one.title)} data-testid="recent">
              <Peek preview={one.preview} />
              <span className={css.recentLabel}>
                {colorsOf(one, questions).map((color, n) => (
                  <Dot key={n} color={color} />
                ))}
                <b className="lw-clip" dir="auto">{kind === "skip" ? s.label.skipped : kind === "flag" ? s.label.flagged : summaryOf(one)}</b>
              </span>
              <KeyCap>{keys[i]?.[0]}</KeyCap>
            </button>
          </li>
        );
      })}
      {done.length === 0 && <li className="lw-quiet lw-small">{s.label.noRecent}</li>}
    </ol>
  );
}

/** The colour of the first label of each answer. */
function colorsOf(done: Done, questions: readonly Question[]): string[] {
  return done.given.flatMap(({ question: id, label }) => {
    const question = questions.find((one) => one.id === id);
    const at = question?.labels.findIndex((one) => one.id === taskOf(question).carries(label)[0]) ?? -1;
    return at < 0 ? [] : [classColor(at)];
  });
}
