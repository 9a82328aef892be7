import { Button, Loader, Progress, SegmentedControl } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { asApiError } from "@/api/error";
import type { Plan } from "@/api/types";
import { figure, words } from "@/ui/format";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { PlanChart } from "./PlanChart";
import css from "./planning.module.css";
import { PlanTable } from "./PlanTable";
import { endPlan, isOpen, planQuery } from "./requests";

const texts = s.planning;

interface Props {
  id: string;
  startLink: (id: string) => ReactNode;
  onDeleted: () => void;
}

/** What a plan found so far: progress, what to do, all set-ups, curves. */
export function PlanResult({ id, startLink, onDeleted }: Props) {
  const client = useQueryClient();
  const { data: plan, error } = useQuery(planQuery(id));
  const [picked, setError] = useState<number | null>(null);
  const end = useMutation({
    mutationFn: () => endPlan(id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["plans"] });
      if (plan && isOpen(plan.line.state)) void client.invalidateQueries({ queryKey: ["plan", id] });
      else onDeleted();
    },
  });
  if (error && !plan) return <ErrorNotice error={asApiError(error)} />;
  if (!plan) return <Loader size="sm" aria-label={s.common.loading} />;
  const open = isOpen(plan.line.state);
  const at = picked ?? plan.errors[0] ?? 0;
  const best = plan.proposals.find((one) => one.error === at);
  return (
    <div className={css.main} data-testid="plan">
      <section className="lw-panel">
        <div className={css.head}>
          <h2>{plan.line.name}</h2>
          <Button size="compact-sm" variant="default" loading={end.isPending} onClick={() => end.mutate()}>
            {open ? texts.end : texts.delete}
          </Button>
        </div>
        <p className="lw-quiet lw-small">{texts.about(plan.n_items, plan.budget, words(plan.metric), plan.target === null ? "–" : figure(plan.target))}</p>
        {(open || plan.line.state === "cancelled") && <Running plan={plan} />}
        {plan.error && <Notice tone="bad">{plan.error}</Notice>}
        {end.error && <ErrorNotice error={asApiError(end.error)} />}
      </section>
      {plan.errors.length > 1 && (
        <SegmentedControl className={css.cases} aria-label={texts.errors} value={String(at)} onChange={(value) => setError(Number(value))} data={plan.errors.map((one) => ({ value: String(one), label: texts.caseOf(one) }))} />
      )}
      {best && (
        <section className="lw-panel">
          <h2>{texts.proposal}</h2>
          <p className={css.text} data-testid="proposal">{best.text}</p>
          <div className={css.actions}>
            {startLink(id)}
            <span className="lw-quiet lw-small">{texts.startText}</span>
          </div>
        </section>
      )}
      {plan.rows.length > 0 && <PlanTable plan={plan} error={at} />}
      {plan.curves.length > 0 && <PlanChart plan={plan} error={at} />}
    </div>
  );
}

function Running({ plan }: { plan: Plan }) {
  const { state, n_done, n_replays } = plan.line;
  return (
    <div className={css.running} role="status">
      <span>
        {texts.states[state]} · {texts.progress(n_done, n_replays)}
      </span>
      <Progress value={(100 * n_done) / n_replays} animated={isOpen(state)} aria-label={texts.progress(n_done, n_replays)} />
      <span className="lw-quiet lw-small">{plan.proposals.length === 0 ? texts.first : texts.partial}</span>
    </div>
  );
}
