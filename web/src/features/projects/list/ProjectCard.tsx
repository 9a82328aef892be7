import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ProjectSummary } from "@/api/types";
import { ago, words } from "@/ui/format";
import { Badge, Figure, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./projects.module.css";

const TONES = { importing: "accent", ready: undefined, paused: "warn", archived: undefined, failed: "bad", damaged: "bad" } as const;

export function ProjectCard({ project }: { project: ProjectSummary }) {
  const may = (permission: string) => project.permissions.includes(permission);
  const { slug, state, latest, error } = project;
  const damaged = state === "damaged";
  const main = may("label") ? "/p/$slug/label" : "/p/$slug/progress";
  const what = [s.projects.kinds[project.kind ?? ""], s.projects.tasks[project.task ?? ""]].filter(Boolean).join(", ");
  return (
    <article className={css.card} data-state={state} data-testid={`project-${slug}`}>
      <header>
        <h2 className="lw-clip" dir="auto">
          {damaged ? project.title || slug : <Link to={main} params={{ slug }} className={css.title}>{project.title || slug}</Link>}
        </h2>
        {project.demo && <Badge>{s.projects.demo}</Badge>}
        {state !== "ready" && <Badge tone={TONES[state]}>{s.projects.state[state]}</Badge>}
      </header>
      {damaged || state === "failed" ? (
        <Notice tone="bad">
          <p className={css.error}>{error ?? s.projects.state[state]}</p>
          {damaged && <p className="lw-small lw-quiet">{s.projects.damagedHelp}</p>}
        </Notice>
      ) : (
        <>
          <p className="lw-quiet lw-small">{what}</p>
          <div className={css.figure}>
            {latest ? (
              <>
                <span className="lw-quiet lw-small">{words(latest.metric)}</span>
                <Figure estimate={latest} />
              </>
            ) : (
              <span className="lw-quiet lw-small">
                {s.projects.noFigure}. {s.projects.noFigureText}
              </span>
            )}
          </div>
          <footer>
            <span className="lw-quiet lw-small lw-num">
              {s.projects.items(project.items)} · {s.projects.answers(project.answers)} · {ago(project.created_at)}
            </span>
            <span className={css.buttons}>
              {may("progress.read") && (
                <Button component={Link} to="/p/$slug/progress" params={{ slug } as never} size="compact-sm" variant="subtle">
                  {s.shell.progress}
                </Button>
              )}
              {may("label") && (
                <Button component={Link} to="/p/$slug/label" params={{ slug } as never} size="compact-sm" variant="light">
                  {s.projects.label}
                </Button>
              )}
            </span>
          </footer>
        </>
      )}
    </article>
  );
}
