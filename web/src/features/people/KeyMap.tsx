import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useKeysOf } from "@/actions/Keyed";
import { KEYS, SCOPES, type ActionId, type KeyAction, type Scope } from "@/actions/keys";
import { bindingsOf, clash } from "@/actions/match";
import { remap, set, useSettings } from "@/actions/settings";
import { KeyCap, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./people.module.css";

/** The table of keys, each of which can be changed by pressing another. */
export function KeyMap() {
  const { keys } = useSettings();
  const [asking, setAsking] = useState<ActionId | null>(null);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    if (asking === null) return;
    const onDown = (event: KeyboardEvent) => {
      if (["Shift", "Control", "Meta", "Alt"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      setAsking(null);
      const [binding] = bindingsOf(event);
      if (binding === undefined || (binding === "Escape" && asking !== "leave")) return;
      const other = clash(asking, binding, keys);
      setProblem(other ? s.account.taken(other.text) : "");
      if (!other) remap(asking, [binding]);
    };
    window.addEventListener("keydown", onDown, { capture: true });
    return () => window.removeEventListener("keydown", onDown, { capture: true });
  }, [asking, keys]);

  return (
    <section className="lw-panel">
      <h2>{s.account.keys}</h2>
      <p className="lw-quiet lw-small">{s.account.keysText}</p>
      {problem && <Notice tone="warn">{problem}</Notice>}
      {(Object.keys(SCOPES) as Scope[]).map((scope) => (
        <div key={scope}>
          <h3 className={css.scope}>{SCOPES[scope]}</h3>
          <ul className={css.keys}>
            {KEYS.filter((action) => action.scope === scope).map((action) => (
              <Line key={action.id} action={action} asking={asking === action.id} changed={action.id in keys} onAsk={() => setAsking(action.id)} />
            ))}
          </ul>
        </div>
      ))}
      <Button mt="sm" size="compact-sm" variant="default" disabled={Object.keys(keys).length === 0} onClick={() => set({ keys: {} })}>
        {s.account.resetAll}
      </Button>
    </section>
  );
}

function Line({ action, asking, changed, onAsk }: { action: KeyAction; asking: boolean; changed: boolean; onAsk: () => void }) {
  const shown = useKeysOf(action.id);
  return (
    <li>
      <span>{action.text}</span>
      {changed && (
        <Button size="compact-xs" variant="subtle" onClick={() => remap(action.id, null)}>
          {s.account.reset}
        </Button>
      )}
      <button type="button" className={css.keyButton} onClick={onAsk} aria-label={`${action.text}: ${shown.join(" ")}`}>
        {asking ? <i>{s.account.press}</i> : shown.map((key) => <KeyCap key={key}>{key} </KeyCap>)}
      </button>
    </li>
  );
}
