import type { ActionId } from "@/actions/keys";
import { Keyed } from "@/actions/Keyed";
import { useSettings } from "@/actions/settings";
import { taskOf } from "@/tasks";
import { s } from "@/ui/strings";
import css from "./label.module.css";
import type { State } from "./state";
import type { Answering } from "./useAnswering";

interface Props {
  state: State;
  answering: Answering;
  grid: boolean;
  onAct: (id: ActionId) => void;
  /** Null where none have been written. */
  onGuidelines: (() => void) | null;
}

/** Every action as a button that names its key. */
export function Actions({ state, answering, grid, onAct, onGuidelines }: Props) {
  const prefs = useSettings();
  const none = state.current === null;
  const { keys, live, hint } = answering;
  const asks = keys.length > 1 || prefs.askEnter || !live || !taskOf(live).single;
  return (
    <div className={css.actions} role="toolbar" aria-label={s.label.actions}>
      {asks && <Keyed id="submit" icon="check" primary disabled={none || Object.keys(state.drafts).length === 0} onClick={() => onAct("submit")} text={s.label.submit} />}
      <Keyed id="skip" icon="skip" disabled={none} onClick={() => onAct("skip")} text={s.label.skip} />
      <Keyed id="undo" icon="undo" disabled={state.done.length === 0} onClick={() => onAct("undo")} text={s.label.undo} testId="undo" />
      <Keyed id="flag" icon="flag" disabled={none} onClick={() => onAct("flag")} text={s.label.flag} />
      <Keyed id="note" icon="note" disabled={none} on={state.reason !== ""} onClick={() => onAct("note")} text={s.label.note} />
      {grid && <Keyed id="grid" icon="grid" disabled={none} onClick={() => onAct("grid")} text={s.label.grid} />}
      <Keyed id="why" icon="why" disabled={state.done.length === 0} onClick={() => onAct("why")} text={s.label.why} testId="why" />
      {onGuidelines && (
        <span className={css.phoneOnly}>
          <Keyed id="guidelines" icon="book" onClick={onGuidelines} text={s.label.guidelines} />
        </span>
      )}
      <span className={css.hint} role="status" data-urgent={hint !== "" || undefined}>
        {hint || (!none && live && taskOf(live).keys(live).map((one) => `${one.keys} ${one.text}`).join(" · "))}
      </span>
    </div>
  );
}
