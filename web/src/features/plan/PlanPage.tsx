import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { asApiError } from "@/api/error";
import { projectQuery, useLive, useMayIn } from "@/api/projects";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { KeptForecasts } from "./KeptForecasts";
import css from "./plan.module.css";
import { planQuery, type LabelingPlan } from "./requests";
import { TargetForm } from "./TargetForm";
import { Targets } from "./Targets";
import { WorkBlock } from "./WorkBlock";

const texts = s.plan;
const LIVE = ["plan"] as const;

/** What to reach first, with how many labels, until when, and who is needed for it. */
export function PlanPage({ slug, replay }: { slug: string; replay: ReactNode }) {
  const may = useMayIn(slug)("project.manage");
  const project = useQuery(projectQuery(slug)).data;
  const { data: plan, error } = useQuery(planQuery(slug));
  useLive(slug, LIVE);
  if (error && !plan) {
    return (
      <Page title={texts.title}>
        <ErrorNotice error={asApiError(error)} />
      </Page>
    );
  }
  if (!plan) return <Loader m="xl" size="sm" aria-label={s.common.loading} />;
  const open = plan.lines.filter((line) => line.standing.state !== "reached").length;
  return (
    <Page title={<span data-testid="plan-title">{plan.lines.length > 0 ? texts.sentence(open, plan.lines.length) : texts.title}</span>}>
      <div className={css.page}>
        {plan.lines.length === 0 ? (
          <div className="lw-panel">
            <Empty title={texts.none} action={may && project?.goal_details?.metric !== "recall" && <Link to="/p/$slug/settings" params={{ slug }}>{texts.setGoal}</Link>}>
              {project?.goal_details?.metric === "recall" ? texts.search : texts.noneText}
            </Empty>
          </div>
        ) : (
          <>
            <section className="lw-panel">
              <h2>{texts.targets}</h2>
              <Targets slug={slug} lines={plan.lines} editable={may} />
              {may && <TargetForm key={JSON.stringify(plan.lines.map((line) => line.aim))} slug={slug} plan={plan} />}
            </section>
            <WorkBlock work={plan.work} />
            <div className={css.grid}>
              <section className="lw-panel">
                <h2>{texts.staffing}</h2>
                <StaffingText plan={plan} />
                <p className="lw-quiet lw-small">{texts.paceText(plan.pace.labels_a_day, plan.pace.seconds, plan.pace.per_label)}</p>
                {plan.saving && <p>{texts.saving(plan.saving.labels, plan.saving.before, plan.saving.share)}</p>}
              </section>
              <section className="lw-panel">
                <KeptForecasts slug={slug} kept={plan.kept} />
              </section>
            </div>
          </>
        )}
        {replay}
      </div>
    </Page>
  );
}

function StaffingText({ plan }: { plan: LabelingPlan }) {
  const { staffing } = plan;
  if (staffing === null) return <p>{texts.notStaffed}</p>;
  // Measured hours of each role stand in the table above.
  if (plan.work.roles.some((one) => one.week_hours !== null)) return <p data-testid="staffing">{texts.staffedByRole(staffing.labels, staffing.until)}</p>;
  return (
    <p data-testid="staffing">
      {texts.staffed(staffing.labels, texts.hours(staffing.annotators), staffing.until)}
      {staffing.experts > 0 && texts.experts(texts.hours(staffing.experts))}.
    </p>
  );
}
