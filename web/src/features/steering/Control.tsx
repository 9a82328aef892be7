import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { controlQuery, type Control as Arm } from "./requests";

const texts = s.progress.control;

/** How many of the policy's labels the random labels of the control arm are worth. */
export function Control({ slug }: { slug: string }) {
  const { data: arm, error } = useQuery(controlQuery(slug));
  if (error && !arm) return <ErrorNotice error={asApiError(error)} />;
  if (!arm) return <p className="lw-quiet lw-small">{s.common.loading}</p>;
  return (
    <div data-testid="control">
      <p>{arm.sentence}</p>
      {arm.equal && <Saving equal={arm.equal} />}
      <p className="lw-quiet lw-small">{texts.text}</p>
    </div>
  );
}

function Saving({ equal }: { equal: NonNullable<Arm["equal"]> }) {
  if (equal.saving === null) return null;
  const bound = (share: number | null) => (share === null ? texts.open : texts.percent(share));
  const [low, high] = [bound(equal.saving_low), bound(equal.saving_high)];
  return <p>{equal.saving >= 0 ? texts.saving(texts.percent(equal.saving), low, high) : texts.costs(texts.percent(-equal.saving), low, high)}</p>;
}
