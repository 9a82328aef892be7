import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import { ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import type { ReactNode } from "react";
import { CreateProject, type About } from "./CreateProject";
import { choicesQuery } from "./requests";

interface Props {
  /** An import that failed and is tried again. */
  retry: string | null;
  /** A plan whose proposal is to be started. */
  plan: string | null;
  /** Projects on similar data. */
  similar: (about: About) => ReactNode;
}

/** A new project, with the file and the choices of an import that failed, or with what a plan proposes. */
export function CreatePage({ retry, plan, similar }: Props) {
  const choices = useQuery(choicesQuery(retry, plan));
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
  if ((retry !== null || plan !== null) && !choices.data) {
    return (
      <Page title={s.create.title}>
        <Loader size="sm" aria-label={s.common.loading} />
      </Page>
    );
  }
  return <CreateProject failed={retry} choices={choices.data ?? null} similar={similar} />;
}
