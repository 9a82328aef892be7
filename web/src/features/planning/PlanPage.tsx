import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import type { PlanLine } from "@/api/types";
import { ago } from "@/ui/format";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { NewPlanForm } from "./NewPlanForm";
import css from "./planning.module.css";
import { PlanResult } from "./PlanResult";
import { plansQuery } from "./requests";

const texts = s.planning;

interface Props {
  /** The plan that is open; null for a new one. */
  open: string | null;
  onOpen: (id: string | null) => void;
  /** A link to Create with what the plan proposes. */
  startLink: (id: string) => React.ReactNode;
}

/** Plans of the site: a new one, those there are, and what the open one found. */
export function PlanPage({ open, onOpen, startLink }: Props) {
  const plans = useQuery(plansQuery(null));
  const anew = open !== null && (
    <Button variant="default" onClick={() => onOpen(null)}>
      {texts.anew}
    </Button>
  );
  return (
    <Page title={texts.title} actions={anew}>
      <p className={css.intro}>{texts.intro}</p>
      <div className={css.layout}>
        <div className={css.main}>{open === null ? <NewPlanForm onStarted={onOpen} /> : <PlanResult key={open} id={open} startLink={startLink} onDeleted={() => onOpen(null)} />}</div>
        <aside className="lw-panel" aria-label={texts.mine}>
          <h2>{texts.mine}</h2>
          {plans.isPending && <Loader size="sm" aria-label={s.common.loading} />}
          {plans.error && <ErrorNotice error={asApiError(plans.error)} />}
          {plans.data?.items.length === 0 && <Empty title={texts.none}>{texts.noneText}</Empty>}
          <PlanList plans={plans.data?.items ?? []} open={open} onOpen={onOpen} />
        </aside>
      </div>
    </Page>
  );
}

export function PlanList({ plans, open, onOpen }: { plans: readonly PlanLine[]; open: string | null; onOpen: (id: string) => void }) {
  return (
    <ul className={css.plans}>
      {plans.map((plan) => (
        <li key={plan.id}>
          <button type="button" className={css.plan} aria-current={plan.id === open || undefined} onClick={() => onOpen(plan.id)}>
            <b>{plan.name}</b>
            <span className="lw-quiet lw-small">
              {texts.states[plan.state]} · {texts.progress(plan.n_done, plan.n_replays)} · {ago(plan.created_at)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
