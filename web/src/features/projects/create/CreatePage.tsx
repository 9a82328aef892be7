import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import { ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { CreateProject } from "./CreateProject";
import { choicesQuery } from "./requests";

/** A new project; where an import failed and is tried again, with the file and the choices of that one. */
export function CreatePage({ retry }: { retry: string | null }) {
  const choices = useQuery(choicesQuery(retry));
  if (choices.error) {
    return (
      <Page title={s.create.title}>
        <ErrorNotice
          error={asApiError(choices.error)}
          action={
            <Button size="compact-sm" variant="default" component={Link} to="/new">
              {s.create.startOver}
            </Button>
          }
        />
      </Page>
    );
  }
  if (retry !== null && !choices.data) {
    return (
      <Page title={s.create.title}>
        <Loader size="sm" aria-label={s.common.loading} />
      </Page>
    );
  }
  return <CreateProject failed={retry} choices={choices.data ?? null} />;
}
