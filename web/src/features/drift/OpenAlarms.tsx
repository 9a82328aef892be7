import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useLive } from "@/api/projects";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { alarmsQuery } from "./requests";
import css from "./drift.module.css";

const LIVE = ["drift-alarms"] as const;

/** A line on Progress while an alarm is open. */
export function OpenAlarms({ slug }: { slug: string }) {
  const query = useQuery(alarmsQuery(slug));
  useLive(slug, LIVE);
  const n = query.data?.items.filter((one) => one.state === "open").length ?? 0;
  if (n === 0) return null;
  return (
    <div className={css.open}>
      <Notice tone="warn">
        <p data-testid="open-alarms">
          {s.drift.alarms.line(n)}{" "}
          <Link to="/p/$slug/drift" params={{ slug }}>
            {s.drift.alarms.look(n)}
          </Link>
        </p>
      </Notice>
    </div>
  );
}
