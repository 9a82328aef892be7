import { Button } from "@mantine/core";
import type { Item } from "@/api/types";
import { ItemView } from "@/items";
import { KeyCap } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./label.module.css";

interface Props {
  pair: { item: Item; label: string };
  own: string;
  onCorrect: () => void;
  onClose: () => void;
}

/** The nearest labeled item of another domain, beside the answer that is stored; in little room, since work goes on. */
export function Pair({ pair, own, onCorrect, onClose }: Props) {
  const { text } = pair.item.content;
  return (
    <div className={css.pair} role="status" data-testid="pair">
      <div className={css.pairText}>
        <span className="lw-small">
          {s.label.pair(own)} <b>{pair.label}</b>
        </span>
        {text === null ? (
          <div className={css.pairItem}>
            <ItemView item={pair.item} />
          </div>
        ) : (
          <span className="lw-small lw-quiet lw-clip" dir="auto" title={text}>
            {text}
          </span>
        )}
      </div>
      <div className={css.pairButtons}>
        <Button size="compact-sm" variant="default" rightSection={<KeyCap>Shift+1</KeyCap>} onClick={onCorrect}>
          {s.label.lookAtIt}
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={onClose}>
          {s.common.dismiss}
        </Button>
      </div>
    </div>
  );
}
