import type { Progress } from "@/api/types";
import { ago } from "@/ui/format";
import { Badge } from "@/ui/parts";
import { s } from "@/ui/strings";
import { useNow } from "@/ui/useNow";
import css from "./progress.module.css";

export function People({ people }: { people: Progress["people"] }) {
  const now = useNow(5000);
  if (people.length === 0) return <p className="lw-quiet lw-small">{s.progress.peopleEmpty}</p>;
  return (
    <ul className={css.people}>
      {[...people].sort((a, b) => Number(a.simulated) - Number(b.simulated)).map((one) => (
        <li key={one.id}>
          <span className="lw-clip" dir="auto">{one.name}</span>
          {one.simulated && <Badge tone="warn">{s.progress.simulated}</Badge>}
          <span className="lw-quiet lw-small lw-num">
            {s.progress.answers(one.answers)}
            {one.leases > 0 && `, ${s.progress.holds(one.leases)}`}
            {one.last_at && `, ${ago(one.last_at, now)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
