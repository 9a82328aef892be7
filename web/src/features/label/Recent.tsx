import { useKeysOf } from "@/actions/Keyed";
import { RECENT } from "@/actions/keys";
import type { Question } from "@/api/types";
import { taskOf } from "@/tasks";
import { classColor } from "@/ui/colors";
import { Dot, KeyCap, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./label.module.css";
import type { Done } from "./model";

/** The last five answers, each one key away from correction. The room is kept while there are fewer. */
export function Recent({ done, question, onPick }: { done: readonly Done[]; question: Question; onPick: (one: Done) => void }) {
  const keys = [useKeysOf("recent.1"), useKeysOf("recent.2"), useKeysOf("recent.3"), useKeysOf("recent.4"), useKeysOf("recent.5")];
  const { carries } = taskOf(question);
  return (
    <ol className={css.recent} aria-label={s.label.recent}>
      {done.slice(0, RECENT).map((one, i) => {
        const first = question.labels.findIndex((label) => label.id === carries(one.label)[0]);
        return (
          <li key={one.ref}>
            <button type="button" onClick={() => onPick(one)} title={s.label.correctIt(one.title)} data-testid="recent">
              <Peek preview={one.preview} />
              <span className={css.recentLabel}>
                {first >= 0 && <Dot color={classColor(first)} />}
                <b className="lw-clip" dir="auto">{one.kind === "skip" ? s.label.skipped : one.kind === "flag" ? s.label.flagged : one.summary}</b>
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
