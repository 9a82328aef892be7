import { Button, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import { count } from "@/ui/format";
import { ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { FailedImport } from "../failed/FailedImport";
import css from "./create.module.css";

/** Watches the import and goes on to labeling when it is done. */
export function Importing({ slug, onBack, onRetry }: { slug: string; onBack: () => void; onRetry: () => void }) {
  const project = useQuery({ ...projectQuery(slug), refetchInterval: 700 });
  const navigate = useNavigate();
  const state = project.data?.state;
  const at = project.data?.import_state;
  const failed = state === "failed" || state === "damaged" || Boolean(at?.error);
  useEffect(() => {
    if (state === "ready" && !failed) void navigate({ to: "/p/$slug/label", params: { slug }, replace: true });
  }, [state, failed, navigate, slug]);
  return (
    <Page title={`${s.create.importing}: ${project.data?.title || slug}`}>
      <div className={css.uploading} role="status">
        {failed && at ? (
          <FailedImport slug={slug} state={at} onDismissed={onBack} onRetry={onRetry} />
        ) : project.error ? (
          <>
            <ErrorNotice error={asApiError(project.error)} />
            <Button variant="default" onClick={onBack}>
              {s.common.close}
            </Button>
          </>
        ) : (
          <>
            <b>{at?.phase ?? s.common.loading}</b>
            <Progress value={at?.total ? (at.done / at.total) * 100 : 100} animated={!at?.total} aria-label={s.create.importing} />
            <span className="lw-quiet lw-num">{at ? `${count(at.done)}${at.total ? ` / ${count(at.total)}` : ""}` : ""}</span>
          </>
        )}
      </div>
    </Page>
  );
}
