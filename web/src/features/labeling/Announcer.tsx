import { s } from "@/ui/strings";
import { summaryOf } from "./answers";
import type { KeysOf } from "./questions";
import type { State } from "./state";

/** Tells screen readers what was answered, what comes next, and which question has the keys. */
export function Announcer({ state, keys }: { state: State; keys: readonly KeysOf[] }) {
  const [last] = state.done;
  const { current } = state;
  const next = current ? s.label.nextItem(current.item.content.text?.slice(0, 300) ?? current.item.key) : s.label.noNext;
  const at = keys.findIndex((one) => one.live);
  const asked = current && keys.length > 1 ? s.label.questionOf(at + 1, keys.length, keys[at]?.question.name ?? "") : "";
  return (
    <>
    <div className="lw-hidden" role="status" aria-live="polite" aria-atomic="true">
      {last && state.given > 0 ? `${s.label.given(summaryOf(last))} ` : ""}
      {next}
    </div>
    <div className="lw-hidden" role="status" aria-live="polite">{asked}</div>
    </>
  );
}
