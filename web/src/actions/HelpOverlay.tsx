/** The `?` page: the table of keys as it stands for this person. */
import { Modal } from "@mantine/core";
import { KeyCap } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./actions.module.css";
import { KEYS, SCOPES, type ActionId, type KeyAction, type Scope } from "./keys";
import { useKeysOf } from "./Keyed";

const FOLDED: Partial<Record<ActionId, string>> = { "choice.1": s.help.digits, "recent.1": s.help.recent };

export function HelpOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={s.help.title} size="xl" transitionProps={{ duration: 100 }}>
      <div className={css.help}>
        {(Object.keys(SCOPES) as Scope[]).map((scope) => (
          <section key={scope}>
            <h3>{SCOPES[scope]}</h3>
            <dl>
              {KEYS.filter((action) => action.scope === scope && !folded(action)).map((action) => (
                <Line key={action.id} action={action} />
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="lw-quiet lw-small">{s.help.remap}</p>
    </Modal>
  );
}

/** Ten digits and five recent answers are one line each. */
function folded(action: KeyAction): boolean {
  return /^(choice|recent)\.\d+$/.test(action.id) && !(action.id in FOLDED);
}

function Line({ action }: { action: KeyAction }) {
  const keys = useKeysOf(action.id);
  const range = action.id === "choice.1" ? ["1 … 9", "0"] : action.id === "recent.1" ? ["⇧ 1 … ⇧ 5"] : keys;
  return (
    <div>
      <dt>{FOLDED[action.id] ?? action.text}</dt>
      <dd>
        {range.map((key) => (
          <KeyCap key={key}>{key}</KeyCap>
        ))}
      </dd>
    </div>
  );
}
