import { Link } from "@tanstack/react-router";
import { s } from "@/ui/strings";
import css from "./team.module.css";

const SHOWN = 12;

/** Links to the items behind something. */
export function Items({ slug, items, label }: { slug: string; items: readonly string[]; label: string }) {
  if (items.length === 0) return null;
  return (
    <p className={css.items}>
      <span className="lw-quiet">{label}:</span>
      {items.slice(0, SHOWN).map((id) => (
        <Link key={id} to="/p/$slug/items/$id" params={{ slug, id }}>
          {id}
        </Link>
      ))}
      {items.length > SHOWN && <span className="lw-quiet">{s.team.attention.more(items.length - SHOWN)}</span>}
    </p>
  );
}
