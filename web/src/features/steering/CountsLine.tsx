import { Link } from "@tanstack/react-router";
import { useMayIn } from "@/api/projects";
import type { Counts } from "@/api/types";
import { count } from "@/ui/format";
import { s } from "@/ui/strings";
import css from "./progress.module.css";

const PARTS = [
  ["labeled", "labeled", "labeled"],
  ["pool", "pool", "all"],
  ["reserve_labeled", "reserveLabeled", "reserve"],
  ["reserve", "reserve", "reserve"],
  ["left", "left", "unlabeled"],
  ["skipped", "skipped", "skipped"],
  ["flagged", "flagged", "flagged"],
  ["duplicates", "duplicates", null],
  ["source", "source", "source"],
] as const;

/** Each count leads to the items behind it. */
export function CountsLine({ slug, counts }: { slug: string; counts: Counts }) {
  const mayRead = useMayIn(slug)("item.read");
  return (
    <ul className={css.counts}>
      {PARTS.filter(([key]) => key !== "source" || counts.source > 0).map(([key, text, show]) => (
        <li key={key}>
          {show === null ? (
            <b className="lw-num">{count(counts[key])}</b>
          ) : (
            <Link to="/p/$slug/items" params={{ slug }} search={show === "all" ? {} : { show }} disabled={!mayRead}>
              <b className="lw-num">{count(counts[key])}</b>
            </Link>
          )}
          <span className="lw-quiet lw-small">{s.progress.counts[text]}</span>
        </li>
      ))}
    </ul>
  );
}
