import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import { projectsQuery } from "@/api/projects";
import { useMay, useSession } from "@/api/session";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { ProjectCard } from "./ProjectCard";
import css from "./projects.module.css";

export function ProjectsPage() {
  const projects = useQuery({ ...projectsQuery, refetchInterval: 15_000 });
  const may = useMay();
  const member = useSession()?.user.role === "member";
  const create = may("project.create") && (
    <Button component={Link} to="/new">
      {s.projects.newProject}
    </Button>
  );
  const list = projects.data?.items;
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
      <ul className={css.cards}>
        {list?.map((project) => (
          <li key={project.slug}>
            <ProjectCard project={project} />
          </li>
        ))}
      </ul>
    </Page>
  );
}
