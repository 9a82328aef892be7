import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { asApiError } from "@/api/error";
import { projectQuery, useMayIn } from "@/api/projects";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { NewPlanForm } from "./NewPlanForm";
import css from "./planning.module.css";
import { PlanList } from "./PlanPage";
import { PlanResult } from "./PlanResult";
import { plansQuery } from "./requests";

const texts = s.planning;

/** What another set-up would have cost, from the labels of a project; for those who manage it. */
export function ReplayBlock({ slug, startLink }: { slug: string; startLink: (id: string) => ReactNode }) {
  const may = useMayIn(slug)("project.manage");
  const project = useQuery(projectQuery(slug)).data;
  const plans = useQuery({ ...plansQuery(slug), enabled: may });
  const [open, setOpen] = useState<string | null>(null);
  const [asks, setAsks] = useState(false);
  if (!may || !project) return null;
  const close = () => {
    setOpen(null);
    setAsks(false);
  };
  return (
    <section className={css.main} data-testid="replay">
      <div className={css.head}>
        <h2>{texts.block}</h2>
        {(open !== null || asks) && (
          <Button size="compact-sm" variant="default" onClick={close}>
            {s.common.close}
          </Button>
        )}
      </div>
      <p className="lw-quiet">{texts.blockText}</p>
      {plans.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {plans.error && <ErrorNotice error={asApiError(plans.error)} />}
      {open !== null && <PlanResult key={open} id={open} startLink={startLink} onDeleted={close} />}
      {open === null && asks && <NewPlanForm project={{ slug, task: project.task ?? null }} onStarted={setOpen} />}
      {open === null && !asks && (
        <>
          <PlanList plans={plans.data?.items ?? []} open={open} onOpen={setOpen} />
          <div className={css.actions}>
            <Button variant="default" onClick={() => setAsks(true)}>
              {texts.blockStart}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
