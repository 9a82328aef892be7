import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import css from "./top.module.css";
import { useOutbox } from "./sender";

/** Says how many answers have not reached the server yet. */
export function SavedState() {
  const { unsaved, offline, volatile } = useOutbox();
  const tone = volatile ? "bad" : offline ? "warn" : "good";
  const title = volatile ? s.label.volatile : offline ? s.label.offlineTitle : s.label.savedTitle;
  return (
    <span className={css.saved} data-testid="saved-state" data-tone={unsaved === 0 ? "good" : tone} title={title} role="status" aria-live="off">
      {unsaved === 0 ? (
        <>
          <Icon name="check" size={14} /> {s.label.saved}
        </>
      ) : (
        <>
          <Icon name="cloud" size={14} /> {offline ? s.label.offline(unsaved) : s.label.unsaved(unsaved)}
        </>
      )}
    </span>
  );
}
