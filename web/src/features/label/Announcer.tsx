import { s } from "@/ui/strings";
import type { State } from "./model";

/** Says to screen readers what was saved and what comes next. */
export function Announcer({ state }: { state: State }) {
  const [last] = state.done;
  const { current } = state;
  const next = current ? s.label.nextItem(current.item.content.text?.slice(0, 300) ?? current.item.key) : s.label.noNext;
  return (
    <div className="lw-hidden" role="status" aria-live="polite" aria-atomic="true">
      {last && state.given > 0 ? `${s.label.given(last.summary)} ` : ""}
      {next}
    </div>
  );
}
