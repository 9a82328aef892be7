import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import { ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { LabelScreen } from "./LabelScreen";

export function LabelPage({ slug }: { slug: string }) {
  const project = useQuery({ ...projectQuery(slug), refetchInterval: (query) => (query.state.data?.state === "importing" ? 1000 : 60_000) });
  if (project.data) return <LabelScreen key={slug} project={project.data} />;
  if (project.error) {
    return (
      <Page title={s.label.title}>
        <ErrorNotice error={asApiError(project.error)} />
      </Page>
    );
  }
  return <Loader m="xl" size="sm" aria-label={s.common.loading} />;
}
