import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { ProjectDetail } from "@/api/types";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { archive, deleteProject } from "./requests";
import css from "./settings.module.css";

/** Archive and deletion, neither of which destroys anything. */
export function EndSection({ project }: { project: ProjectDetail }) {
  const { slug } = project;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const archived = project.state === "archived";
  const turn = useMutation({
    mutationFn: () => archive(slug, archived),
    onSuccess: (next) => {
      client.setQueryData(["project", slug], next);
      void client.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  const gone = useMutation({
    mutationFn: () => deleteProject(slug),
    onSuccess: async () => {
      await navigate({ to: "/" });
      client.removeQueries({ queryKey: ["project", slug] });
      await client.invalidateQueries({ queryKey: ["projects"] });
      await client.invalidateQueries({ queryKey: ["deleted"] });
    },
  });
  return (
    <section className={`lw-panel ${css.section}`} data-testid="settings-end">
      <h2>{s.settings.state}</h2>
      <div className={css.end}>
        <p className="lw-quiet lw-small">{archived ? s.settings.archived : s.settings.archiveText}</p>
        <Button variant="default" loading={turn.isPending} onClick={() => turn.mutate()}>
          {archived ? s.settings.unarchive : s.settings.archive}
        </Button>
      </div>
      {turn.error && <ErrorNotice error={asApiError(turn.error)} />}
      <div className={css.end}>
        <p className="lw-quiet lw-small">{s.settings.deleteText}</p>
        <Button variant="default" color="red" onClick={() => setAsking(true)}>
          {s.settings.remove_}
        </Button>
      </div>
      <Modal opened={asking} onClose={() => setAsking(false)} title={s.settings.deleteButton} closeButtonProps={{ "aria-label": s.common.close }} transitionProps={{ duration: 100 }}>
        <form
          className={css.section}
          onSubmit={(event) => {
            event.preventDefault();
            if (typed === slug) gone.mutate();
          }}
        >
          <p>{s.settings.deleteText}</p>
          <TextInput label={s.settings.deleteConfirm(slug)} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus data-testid="delete-name" />
          {gone.error && <ErrorNotice error={asApiError(gone.error)} />}
          <Button type="submit" color="red" disabled={typed !== slug} loading={gone.isPending}>
            {s.settings.deleteButton}
          </Button>
        </form>
      </Modal>
    </section>
  );
}
