import { Link } from "@tanstack/react-router";
import { MakeSlice } from "@/selection/SelectionActions";
import { s } from "@/ui/strings";
import css from "./evaluation.module.css";

const MAX_NAMED = 50; // as many as the address of the map names

/** Links to items by their ids, and to all of them on the map. */
export function ItemLinks({ slug, items }: { slug: string; items: readonly string[] }) {
  return (
    <>
    <ul className={css.links}>
      {items.map((id) => (
        <li key={id}>
          <Link to="/p/$slug/items/$id" params={{ slug, id }}>
            {id}
          </Link>
        </li>
      ))}
    </ul>
    <p>
      <Link to="/p/$slug/explore" params={{ slug }} search={{ by: "predicted", select: items.slice(0, MAX_NAMED).join(",") }}>
        {s.evaluation.errors.onMap}
      </Link>{" "}
      <MakeSlice slug={slug} items={[...items]} />
    </p>
    </>
  );
}
