import { useNavigate } from "@tanstack/react-router";
import type { ProjectDetail } from "@/api/types";
import { Page } from "@/ui/parts";
import { FailedImport } from "./FailedImport";

/** The page of a project whose first import failed: it has no other. */
export function FailedPage({ project }: { project: ProjectDetail }) {
  const navigate = useNavigate();
  if (!project.import_state) return null;
  return (
    <Page title={project.title || project.slug}>
      <FailedImport slug={project.slug} state={project.import_state} onDismissed={() => navigate({ to: "/" })} />
    </Page>
  );
}
