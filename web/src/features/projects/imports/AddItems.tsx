import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { upload } from "@/api/upload";
import { FileDrop, type Dropped } from "@/ui/FileDrop";
import { Icon } from "@/ui/Icon";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { changedItems } from "../refresh";
import { AddSource } from "./AddSource";
import { ImportList } from "./ImportList";
import css from "./imports.module.css";
import { addItems } from "./requests";

/** The button that adds items to a project, and the list of what was imported so far. */
export function AddItems({ slug }: { slug: string }) {
  const [open, setOpen] = useState(false);
  if (!useMayIn(slug)("project.manage")) return null;
  return (
    <>
      <Button variant="default" size="compact-md" leftSection={<Icon name="plus" />} onClick={() => setOpen(true)} data-testid="add-items">
        {s.imports.add}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={s.imports.add} size="lg" transitionProps={{ duration: 100 }}>
        <Dialog slug={slug} />
      </Modal>
    </>
  );
}

function Dialog({ slug }: { slug: string }) {
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: async (files: Dropped[]) => addItems(slug, (await upload(files, () => undefined, new AbortController().signal)).id),
    onSuccess: () => changedItems(client, slug),
  });
  return (
    <div className={css.stack}>
      <p className="lw-quiet">{s.imports.addText}</p>
      <FileDrop compact onFiles={(files) => add.mutate(files)} />
      {add.isPending && <p role="status">{s.imports.adding}</p>}
      {add.error && <ErrorNotice error={asApiError(add.error)} />}
      {add.data && (
        <Notice tone="warn" icon="check">
          {s.imports.added(add.data.added, add.data.known, add.data.reserve)}
        </Notice>
      )}
      <AddSource slug={slug} />
      <ImportList slug={slug} />
    </div>
  );
}
