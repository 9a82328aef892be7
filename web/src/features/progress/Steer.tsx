import { Button, Menu, Modal, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMay } from "@/api/session";
import type { ProjectDetail } from "@/api/types";
import { upload } from "@/api/upload";
import { FileDrop, type Dropped } from "@/ui/FileDrop";
import { Icon } from "@/ui/Icon";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./progress.module.css";
import { addItems, steer, writeGuidelines } from "./work";

/** What a lead can do from here: pause, add items, change the guidelines, export. */
export function Steer({ project }: { project: ProjectDetail }) {
  const may = useMay();
  const client = useQueryClient();
  const [open, setOpen] = useState<"add" | "guidelines" | null>(null);
  const { slug } = project;
  const paused = project.state === "paused";
  const turn = useMutation({
    mutationFn: () => steer(slug, paused ? "resume" : "pause"),
    onSuccess: (next) => client.setQueryData(["project", slug], next),
  });
  return (
    <div className={css.steer}>
      {may("project.manage") && (
        <>
          <Button variant={paused ? "filled" : "default"} size="compact-md" leftSection={<Icon name={paused ? "play" : "pause"} />} loading={turn.isPending} onClick={() => turn.mutate()} data-testid="pause">
            {paused ? s.progress.resume : s.progress.pause}
          </Button>
          <Button variant="default" size="compact-md" leftSection={<Icon name="plus" />} onClick={() => setOpen("add")}>
            {s.progress.add}
          </Button>
          <Button variant="default" size="compact-md" leftSection={<Icon name="book" />} onClick={() => setOpen("guidelines")}>
            {s.progress.guidelines}
          </Button>
        </>
      )}
      {may("export") && (
        <Menu position="bottom-end" transitionProps={{ duration: 80 }}>
          <Menu.Target>
            <Button variant="default" size="compact-md" leftSection={<Icon name="download" />}>
              {s.progress.export}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(["csv", "jsonl", "parquet"] as const).map((format) => (
              <Menu.Item key={format} component="a" href={`/api/v1/projects/${slug}/export?format=${format}`} download>
                {format.toUpperCase()}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {turn.error && <ErrorNotice error={asApiError(turn.error)} />}
      <Modal opened={open === "add"} onClose={() => setOpen(null)} title={s.progress.add} transitionProps={{ duration: 100 }}>
        <Add slug={slug} />
      </Modal>
      <Modal opened={open === "guidelines"} onClose={() => setOpen(null)} title={s.progress.editGuidelines} size="lg" transitionProps={{ duration: 100 }}>
        <EditGuidelines project={project} onDone={() => setOpen(null)} />
      </Modal>
    </div>
  );
}

function Add({ slug }: { slug: string }) {
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: async (files: Dropped[]) => addItems(slug, (await upload(files, () => undefined, new AbortController().signal)).id),
    onSuccess: () => Promise.all(["project", "progress"].map((part) => client.invalidateQueries({ queryKey: [part, slug] }))),
  });
  return (
    <div className={css.stack}>
      <p className="lw-quiet">{s.progress.addText}</p>
      <FileDrop compact onFiles={(files) => add.mutate(files)} />
      {add.isPending && <p>{s.common.loading}</p>}
      {add.error && <ErrorNotice error={asApiError(add.error)} />}
      {add.data && (
        <Notice tone="warn" icon="check">
          {s.progress.added(add.data.added, add.data.known, add.data.reserve)}
        </Notice>
      )}
    </div>
  );
}

function EditGuidelines({ project, onDone }: { project: ProjectDetail; onDone: () => void }) {
  const client = useQueryClient();
  const [text, setText] = useState(project.guidelines.markdown);
  const write = useMutation({
    mutationFn: () => writeGuidelines(project.slug, text),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project.slug] });
      onDone();
    },
  });
  return (
    <div className={css.stack}>
      <Textarea aria-label={s.progress.guidelines} autosize minRows={12} maxRows={24} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus />
      {write.error && <ErrorNotice error={asApiError(write.error)} />}
      <Button onClick={() => write.mutate()} loading={write.isPending} disabled={text === project.guidelines.markdown}>
        {s.progress.saveGuidelines}
      </Button>
    </div>
  );
}
