import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import { useSession } from "@/api/session";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { LabelScreen } from "./LabelScreen";
import { useSeat } from "./useSeat";

interface Props {
  slug: string;
  /** An answer of the person's that is to be given again, as the address says. */
  correct: string | null;
  onOpened: () => void;
}

export function LabelPage({ slug, correct, onOpened }: Props) {
  const project = useQuery({ ...projectQuery(slug), refetchInterval: (query) => (query.state.data?.state === "importing" ? 1000 : 60_000) });
  const { at, take } = useSeat(`${useSession()?.user.id ?? ""}.${slug}`);
  if (at !== "here") {
    const { title, text } = s.label.otherTab[at];
    return (
      <main>
        <div data-testid="other-tab" role="status">
          <Empty title={title} action={<Button onClick={take}>{s.label.otherTab.take}</Button>}>
            {text}
          </Empty>
        </div>
      </main>
    );
  }
  if (project.data) return <LabelScreen key={slug} project={project.data} countedAt={project.dataUpdatedAt} correct={correct} onOpened={onOpened} />;
  if (project.error) {
    return (
      <Page title={s.label.title}>
        <ErrorNotice error={asApiError(project.error)} />
      </Page>
    );
  }
  return <Loader m="xl" size="sm" aria-label={s.common.loading} />;
}
