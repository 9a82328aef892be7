import { Button, Group, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import { projectsQuery } from "@/api/projects";
import { useMay, useSession } from "@/api/session";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import type { ProjectSummary } from "@/api/types";
import { Deleted } from "./Deleted";
import { ProjectCard } from "./ProjectCard";
import css from "./projects.module.css";

export function ProjectsPage() {
  const projects = useQuery({ ...projectsQuery, refetchInterval: 15_000 });
  const may = useMay();
  const member = useSession()?.user.role === "member";
  const create = may("project.create") && (
    <Group gap="xs">
      <Button component={Link} to="/plan" variant="default">
        {s.planning.open}
      </Button>
      <Button component={Link} to="/new">
        {s.projects.newProject}
      </Button>
    </Group>
  );
  const list = projects.data?.items.filter((project) => project.state !== "archived");
  const archived = projects.data?.items.filter((project) => project.state === "archived") ?? [];
  return (
    <Page title={s.projects.title} actions={list?.length ? create : undefined}>
      {projects.error && <ErrorNotice error={asApiError(projects.error)} />}
      {projects.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {list?.length === 0 && (
        <div className="lw-panel">
          <Empty title={s.projects.emptyTitle} action={create}>
            {may("project.create") ? s.projects.emptyText : member ? s.projects.emptyMember : s.projects.emptyAnnotator}
          </Empty>
        </div>
      )}
      <Cards projects={list ?? []} />
      {archived.length > 0 && (
        <details className={css.more} data-testid="archived">
          <summary>{s.deleted.archivedTitle(archived.length)}</summary>
          <Cards projects={archived} />
        </details>
      )}
      {may("user.manage") && <Deleted />}
    </Page>
  );
}

function Cards({ projects }: { projects: readonly ProjectSummary[] }) {
  return (
    <ul className={css.cards}>
      {projects.map((project) => (
        <li key={project.slug}>
          <ProjectCard project={project} />
        </li>
      ))}
    </ul>
  );
}
