import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./progress.module.css";
import { controlQuery, type Control as Arm } from "./requests";

const texts = s.progress.control;

/** How many of the policy's labels the random labels of the control arm are worth. */
export function Control({ slug }: { slug: string }) {
  const { data: arm, error } = useQuery(controlQuery(slug));
  if (error && !arm) return <ErrorNotice error={asApiError(error)} />;
  if (!arm) return <p className="lw-quiet lw-small">{s.common.loading}</p>;
  return (
    <div className={css.control} data-testid="control">
      <p>{arm.sentence}</p>
      {arm.equal && <Saving equal={arm.equal} />}
      <p className="lw-quiet lw-small">{texts.text}</p>
    </div>
  );
}

function Saving({ equal }: { equal: NonNullable<Arm["equal"]> }) {
  const { saving, saving_low: low, saving_high: high } = equal;
  if (saving === null || low === null || high === null) return null;
  const say = saving >= 0 ? texts.saving : texts.costs;
  return <p>{say(texts.percent(Math.abs(saving)), texts.percent(low), texts.percent(high))}</p>;
}
