import { Link } from "@tanstack/react-router";
import type { Progress } from "@/api/types";
import { slotLook } from "@/api/slots";
import { Dot, isPicture, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./progress.module.css";

/** The next slots of the published ranking, in its order. */
export function NextSlots({ slug, slots }: { slug: string; slots: Progress["next"] }) {
  if (slots.length === 0) return <p className="lw-quiet lw-small">{s.progress.nextEmpty}</p>;
  return (
    <ol className={css.slots}>
      {slots.map((slot) => (
        <li key={slot.position}>
          <span className="lw-quiet lw-num">{slot.position}</span>
          <span className={css.kind}>
            <Dot color={slotLook(slot.kind).color} /> {slotLook(slot.kind).label}
          </span>
          <Link to="/p/$slug/items/$id" params={{ slug, id: slot.item_id }} className={css.slotItem}>
            <Peek preview={slot.preview} />
            {isPicture(slot.preview) && <span className="lw-clip">{slot.key}</span>}
          </Link>
        </li>
      ))}
    </ol>
  );
}
