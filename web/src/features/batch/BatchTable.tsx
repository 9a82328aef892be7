import { ActionIcon } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Label } from "@/api/types";
import { slotLook } from "@/api/slots";
import { SelectionActions } from "@/selection/SelectionActions";
import { classColor } from "@/ui/colors";
import { Icon } from "@/ui/Icon";
import { Dot, isPicture, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./batch.module.css";
import type { BatchItem } from "./requests";

interface Props {
  slug: string;
  items: readonly BatchItem[];
  labels: readonly Label[];
  dropped: ReadonlySet<string>;
  /** Left out for whoever may not change anything. */
  onToggle?: (id: string) => void;
}

/** The items in their order, each with what the model thinks and why it was chosen. */
export function BatchTable({ slug, items, labels, dropped, onToggle }: Props) {
  return (
    <ol className={css.list} data-testid="batch-items">
      {items.map((item) => {
        const isOut = dropped.has(item.item_id);
        const name = labels.findIndex((one) => one.name === item.prediction);
        return (
          <li key={item.item_id} className="lw-panel" data-dropped={isOut || undefined} data-testid="batch-item">
            <span className={css.place}>
              <span className="lw-quiet lw-num">{item.position}</span>
              <span title={slotLook(item.kind).label}>
                <Dot color={slotLook(item.kind).color} />
              </span>
            </span>
            <div className={css.what}>
              <Link to="/p/$slug/items/$id" params={{ slug, id: item.item_id }} className={css.peek}>
                <Peek preview={item.preview} />
                {isPicture(item.preview) && <span className="lw-clip">{item.key}</span>}
              </Link>
              <p className="lw-small lw-quiet">{item.reasons.length > 0 ? item.reasons.map((part) => part.text).join(" ") : item.why}</p>
            </div>
            {item.prediction !== null && (
              <span className={css.prediction}>
                {name >= 0 && <Dot color={classColor(name)} />} <span dir="auto">{item.prediction}</span>
                {item.confidence !== null && <span className="lw-quiet lw-small lw-num">{s.batch.sure(item.confidence)}</span>}
              </span>
            )}
            {onToggle && (
              <span className={css.acts}>
                {!isOut && <SelectionActions slug={slug} items={[item.item_id]} compact />}
                <ActionIcon variant="subtle" color="gray" size="lg" aria-pressed={isOut} aria-label={isOut ? s.batch.keep : s.batch.drop} title={isOut ? s.batch.keep : s.batch.drop} onClick={() => onToggle(item.item_id)} data-testid="drop">
                  <Icon name={isOut ? "undo" : "close"} />
                </ActionIcon>
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
