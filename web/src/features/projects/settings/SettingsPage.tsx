import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { asApiError } from "@/api/error";
import { projectQuery, useLive } from "@/api/projects";
import { ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { EndSection } from "./EndSection";
import { FileSection } from "./FileSection";
import { GoalSection } from "./GoalSection";
import { QuestionSection } from "./QuestionSection";
import css from "./settings.module.css";

const LIVE = ["project"] as const;

/** What a lead sets about a project. `guidelines`, `examples`, `quality` and `webhooks`: editors that belong to other features. */
export function SettingsPage({ slug, guidelines, examples, quality, webhooks }: { slug: string; guidelines: ReactNode; examples: ReactNode; quality: ReactNode; webhooks: ReactNode }) {
  const project = useQuery(projectQuery(slug));
  useLive(slug, LIVE);
  if (project.error) {
    return (
      <Page title={s.settings.title}>
        <ErrorNotice error={asApiError(project.error)} />
      </Page>
    );
  }
  if (!project.data) return <Loader m="xl" size="sm" aria-label={s.common.loading} />;
  const { questions } = project.data;
  return (
    <Page title={s.settings.title}>
      <div className={css.page}>
        <GoalSection project={project.data} />
        {questions.map((question, i) => (
          <QuestionSection key={question.id} project={project.data} question={question} title={questions.length === 1 ? s.settings.question : s.settings.questions(i + 1)} />
        ))}
        <section className={`lw-panel ${css.section}`}>
          <h2>{s.settings.guidelines}</h2>
          {guidelines}
        </section>
        <section className={`lw-panel ${css.section}`}>
          <h2>{s.quality.examples.title}</h2>
          {examples}
        </section>
        <section className={`lw-panel ${css.section}`}>
          <h2>{s.quality.rules.title}</h2>
          {quality}
        </section>
        <section className={`lw-panel ${css.section}`}>
          <h2>{s.webhooks.title}</h2>
          {webhooks}
        </section>
        <FileSection project={project.data} />
        <EndSection project={project.data} />
      </div>
    </Page>
  );
}
