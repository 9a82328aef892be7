import { useKeysOf } from "@/actions/Keyed";
import { RECENT } from "@/actions/keys";
import type { Question } from "@/api/types";
import { shelf, useShelf } from "@/items/media";
import { taskOf } from "@/tasks";
import { classColor } from "@/ui/colors";
import { Dot, isPicture, KeyCap, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import { kindOf, summaryOf, wordsOf } from "./answers";
import css from "./recent.module.css";
import type { Done } from "./state";

/** The last five answers, each one key or tap away from correction. The space is kept while there are fewer. */
export function Recent({ done, questions, onPick }: { done: readonly Done[]; questions: readonly Question[]; onPick: (one: Done) => void }) {
  const keys = [useKeysOf("recent.1"), useKeysOf("recent.2"), useKeysOf("recent.3"), useKeysOf("recent.4"), useKeysOf("recent.5")];
  useShelf();
  return (
    <ol className={css.recent} aria-label={s.label.recent}>
      {done.slice(0, RECENT).map((one, i) => {
        const kind = kindOf(one);
        const answer = kind === "skip" ? s.label.skipped : kind === "flag" ? s.label.flagged : summaryOf(one);
        const picture = isPicture(one.preview);
        const about = picture ? one.title : one.preview;
        const words = wordsOf(one);
        return (
          <li key={one.ref}>
            <button type="button" onClick={() => onPick(one)} title={s.label.correctIt(answer, about, words?.text ?? null)} data-testid="recent">
              {picture && <Peek key={one.ref} preview={shelf.source(one.preview)} />}
              <span className={css.lines}>
                <span className={css.answer}>
                  {colorsOf(one, questions).map((color, n) => (
                    <Dot key={n} color={color} />
                  ))}
                  <b className="lw-clip" dir="auto">{answer}</b>
                </span>
                <span className={`${css.about} lw-clip`} dir="auto">
                  {words && <i data-testid="recent-words">{s.label.quoted(words.text)}</i>}
                  {about}
                </span>
              </span>
              <KeyCap silent>{keys[i]?.[0]}</KeyCap>
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
