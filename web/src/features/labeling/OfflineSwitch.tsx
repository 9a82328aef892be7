import { useKeysOf } from "@/actions/Keyed";
import { useSettings } from "@/actions/settings";
import { mediaOf } from "@/items";
import { shelf, useShelf } from "@/items/media";
import { Icon } from "@/ui/Icon";
import { count } from "@/ui/format";
import { s } from "@/ui/strings";
import { readyCount } from "./ahead";
import css from "./top.module.css";
import type { Card, State } from "./state";

function isHere(card: Card): boolean {
  const media = mediaOf(card.item);
  return media === null || shelf.has(media);
}

/** Keeps many items in the browser, and says how many of them can be labeled without a network. */
export function OfflineSwitch({ state, onToggle }: { state: State; onToggle: () => void }) {
  const { offline } = useSettings();
  const [key] = useKeysOf("offline");
  useShelf();
  const ready = readyCount(state, isHere);
  return (
    <button
      type="button"
      className={css.offline}
      aria-pressed={offline}
      aria-label={offline ? s.label.readyLabel(ready) : s.label.workOffline}
      title={`${offline ? s.label.readyTitle(ready) : s.label.workOfflineTitle} (${key ?? ""})`}
      data-testid="offline-switch"
      onClick={onToggle}
    >
      <Icon name="download" size={14} />
      {offline && <span className="lw-num">{count(ready)} </span>}
      <span className={css.wide}>{offline ? s.label.ready : s.label.workOffline}</span>
    </button>
  );
}
