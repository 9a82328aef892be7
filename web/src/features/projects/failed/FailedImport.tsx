import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import { useMay } from "@/api/session";
import type { ImportState } from "@/api/types";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./failed.module.css";
import { dismissImport } from "./requests";

interface Props {
  slug: string;
  state: ImportState;
  onDismissed: () => Promise<void> | void;
  /** Back to what was chosen; without it, "Try again" opens Create with what the server has kept. */
  onRetry?: () => void;
}

/** Why a first import failed, and where in the file, until somebody dismisses it. */
export function FailedImport({ slug, state, onDismissed, onRetry }: Props) {
  const may = useMay();
  const client = useQueryClient();
  const dismiss = useMutation({
    mutationFn: () => dismissImport(slug),
    onSuccess: async () => {
      await onDismissed(); // its page asks for the project as long as it is shown
      client.removeQueries({ queryKey: ["project", slug] });
      await client.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  const where = s.create.place(state.row ?? null, state.column ?? null);
  return (
    <div className={css.stack} data-testid={`failed-${slug}`}>
      <Notice tone="bad">
        <b>{state.file ? s.create.importFailedOf(state.file) : s.create.importFailed}</b>
        {where && <p className={css.where} dir="auto">{where}</p>}
        <p className={css.message} dir="auto">{state.reason ?? state.error}</p>
        {state.hint && <p className="lw-small lw-quiet">{state.hint}</p>}
        <p className="lw-small lw-quiet">{s.create.nothingStored}</p>
      </Notice>
      {dismiss.error && <ErrorNotice error={asApiError(dismiss.error)} />}
      {may("project.create") && (
        <div className={css.buttons}>
          <Button variant="default" size="compact-md" loading={dismiss.isPending} onClick={() => dismiss.mutate()}>
            {s.common.dismiss}
          </Button>
          {onRetry ? (
            <Button size="compact-md" onClick={onRetry}>{s.common.retry}</Button>
          ) : (
            <Button size="compact-md" component={Link} to="/new" search={{ retry: slug } as never}>{s.common.retry}</Button>
          )}
        </div>
      )}
    </div>
  );
}
