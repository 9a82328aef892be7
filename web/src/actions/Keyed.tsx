/** A button that shows its key, as the table and the person's own settings have it. */
import { Icon, type IconName } from "@/ui/Icon";
import { KeyCap } from "@/ui/parts";
import css from "./actions.module.css";
import { KEYS, type ActionId } from "./keys";
import { useLettersSearch } from "./letters";
import { keysOf, shown } from "./match";
import { useSettings } from "./settings";

/** Only what the attribute may hold: single printed keys. */
const ARIA = /^[a-z0-9]$/;
const MAC = /mac/i.test(navigator.userAgent);

interface Props {
  id: ActionId;
  icon: IconName;
  text: string;
  onClick: () => void;
  disabled?: boolean;
  primary?: boolean;
  on?: boolean;
  testId?: string;
}

export function useKeysOf(id: ActionId): string[] {
  const { keys } = useSettings();
  const alt = useLettersSearch();
  const action = KEYS.find((one) => one.id === id);
  return action ? keysOf(action, keys).map((binding) => (alt && /^[a-z]$/.test(binding) ? `${MAC ? "⌥" : "Alt"} ${binding}` : shown(binding, MAC))) : [];
}

export function Keyed({ id, icon, text, onClick, disabled = false, primary = false, on = false, testId }: Props) {
  const keys = useKeysOf(id);
  const full = KEYS.find((one) => one.id === id)?.text ?? text;
  return (
    <button
      type="button"
      className={css.keyed}
      data-primary={primary || undefined}
      data-on={on || undefined}
      data-testid={testId}
      disabled={disabled}
      title={`${full} (${keys.join(", ")})`}
      aria-keyshortcuts={ARIA.test(keys[0] ?? "") ? keys[0] : undefined}
      onClick={onClick}
    >
      <Icon name={icon} />
      <span className={css.word}>{text}</span>
      {keys[0] !== undefined && <KeyCap silent>{keys[0]}</KeyCap>}
    </button>
  );
}
