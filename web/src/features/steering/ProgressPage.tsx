import { Loader } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { asApiError } from "@/api/error";
import { projectQuery, useLive, useMayIn } from "@/api/projects";
import { Empty, ErrorNotice, Notice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Control } from "./Control";
import { Cost } from "./Cost";
import { CountsLine } from "./CountsLine";
import { Encoders } from "./Encoders";
import { Mistakes } from "./Mistakes";
import { NextSlots } from "./NextSlots";
import { People } from "./People";
import css from "./progress.module.css";
import { RunningNow } from "./RunningNow";
import { SourceOfLabels } from "./SourceOfLabels";
import { Steer } from "./Steer";
import { progressQuery } from "./requests";

const Curve = lazy(async () => ({ default: (await import("./Curve")).Curve }));
const LIVE = ["progress", "project", "rounds", "mistakes", "certificate", "advice", "control", "encoders"] as const;

interface Props {
  slug: string;
  /** The button of the feature that imports. */
  addItems: ReactNode;
  /** What certifies the goal and advises when to stop. */
  stopping: ReactNode;
  /** The reminder to look at how items are chosen. */
  reminder: ReactNode;
  /** The newest round, with links to all of them and to the report. */
  rounds: ReactNode;
  /** Open alarms of drift. */
  drift: ReactNode;
}

export function ProgressPage({ slug, addItems, stopping, reminder, rounds, drift }: Props) {
  const project = useQuery(projectQuery(slug));
  const progress = useQuery(progressQuery(slug));
  const may = useMayIn(slug);
  useLive(slug, LIVE);
  const error = progress.error ?? project.error;
  if (error && !progress.data) {
    return (
      <Page title={s.progress.title}>
        <ErrorNotice error={asApiError(error)} />
      </Page>
    );
  }
  if (!progress.data || !project.data) return <Loader m="xl" size="sm" aria-label={s.common.loading} />;
  const now = progress.data;
  return (
    <Page title={<span data-testid="sentence" className={css.sentence}>{now.sentence}</span>} actions={<Steer project={project.data} addItems={addItems} />}>
      {now.warnings.length > 0 && (
        <Notice tone="warn">
          {now.warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </Notice>
      )}
      {reminder}
      {drift}
      <div className={css.grid}>
        <Panel title={s.progress.curve} className={css.curve}>
          {now.curve.some((point) => point.estimate) ? (
            <Suspense fallback={<div className={css.chartBox} />}>
              <Curve progress={now} slug={slug} />
            </Suspense>
          ) : (
            <Empty title={s.progress.curveEmpty}>{s.progress.curveEmptyText}</Empty>
          )}
        </Panel>
        <div className={css.side}>
          <Panel title={s.progress.now}>
            <RunningNow running={now.running} />
          </Panel>
          <Panel title={s.progress.people}>
            <People people={now.people} />
          </Panel>
        </div>
        {project.data.goal_details && project.data.goal_details.metric !== "recall" && (
          <Panel title={s.stopping.title} className={css.full}>
            {stopping}
          </Panel>
        )}
        {now.source && (
          <Panel title={s.progress.source.title} className={css.full}>
            <SourceOfLabels source={now.source} />
          </Panel>
        )}
        <Panel title={s.progress.control.title} className={css.full}>
          <Control slug={slug} />
        </Panel>
        <Panel className={css.full}>
          <CountsLine slug={slug} counts={now.counts} />
        </Panel>
        {may("item.read") && (
          <Panel title={s.mistakes.title}>
            <Mistakes slug={slug} />
          </Panel>
        )}
        <Panel title={s.progress.cost}>
          <Cost cost={now.cost} />
        </Panel>
        <Panel title={s.encoders.title} className={css.full}>
          <Encoders slug={slug} />
        </Panel>
        {may("item.read") && (
          <Panel
            title={s.progress.next}
            className={css.full}
            action={
              <Link to="/p/$slug/batch" params={{ slug }} className="lw-small" data-testid="to-batch">
                {s.batch.look}
              </Link>
            }
          >
            <NextSlots slug={slug} slots={now.next} />
          </Panel>
        )}
        <Panel className={css.full}>{rounds}</Panel>
      </div>
    </Page>
  );
}

function Panel({ title, className, action, children }: { title?: string; className?: string | undefined; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={`lw-panel ${css.panel} ${className ?? ""}`}>
      {title !== undefined && (
        <div className={css.panelHead}>
          <h2>{title}</h2>
          {action}
        </div>
      )}
      {children}
    </section>
  );
}
