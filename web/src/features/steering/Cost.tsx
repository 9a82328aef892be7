import type { Progress } from "@/api/types";
import { slotLook } from "@/api/slots";
import { count, duration } from "@/ui/format";
import { Dot } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./progress.module.css";

/** Answers and time by why they were asked, training first, what only measures apart. */
export function Cost({ cost }: { cost: Progress["cost"] }) {
  const shown = cost.filter((one) => one.answers > 0);
  if (shown.length === 0) return <p className="lw-quiet lw-small">{s.progress.costEmpty}</p>;
  const groups = [
    { name: s.progress.training, parts: shown.filter((one) => !one.measures) },
    { name: s.progress.measuring, parts: shown.filter((one) => one.measures) },
  ].filter((group) => group.parts.length > 0);
  return (
    <div className={css.cost}>
      <div className={css.costBar} aria-hidden>
        {groups.flatMap((group) => group.parts).map((one) => (
          <i key={one.kind} style={{ flexGrow: one.answers, background: slotLook(one.kind).color }} />
        ))}
      </div>
      {groups.map((group) => (
        <dl key={group.name}>
          <div className={css.costGroup}>
            <dt>{group.name}</dt>
            <dd className="lw-num">{s.progress.costPart(count(sum(group.parts, "answers")), duration(sum(group.parts, "seconds")))}</dd>
          </div>
          {group.parts.map((one) => (
            <div key={one.kind}>
              <dt>
                <Dot color={slotLook(one.kind).color} /> {slotLook(one.kind).label}
              </dt>
              <dd className="lw-num">{s.progress.costPart(count(one.answers), duration(one.seconds))}</dd>
            </div>
          ))}
        </dl>
      ))}
      <p className="lw-quiet lw-small">{s.progress.costText}</p>
    </div>
  );
}

function sum(parts: Progress["cost"], key: "answers" | "seconds"): number {
  return parts.reduce((total, one) => total + one[key], 0);
}
