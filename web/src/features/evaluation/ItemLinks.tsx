import { Link } from "@tanstack/react-router";
import css from "./evaluation.module.css";

/** Links to items by their ids. */
export function ItemLinks({ slug, items }: { slug: string; items: readonly string[] }) {
  return (
    <ul className={css.links}>
      {items.map((id) => (
        <li key={id}>
          <Link to="/p/$slug/items/$id" params={{ slug, id }}>
            {id}
          </Link>
        </li>
      ))}
    </ul>
  );
}
