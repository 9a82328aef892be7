import { onSite } from "@/site/base";
import { Button, Menu, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { asApiError } from "@/api/error";
import { COMMON_FORMATS, exportAddress, exportOf } from "@/api/exports";
import { useMayIn } from "@/api/projects";
import type { ProjectDetail } from "@/api/types";
import { ExportDialog } from "@/ui/ExportDialog";
import { Icon } from "@/ui/Icon";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { EditGuidelines } from "./EditGuidelines";
import css from "./progress.module.css";
import { steer } from "./requests";

/** What a lead can do from here: pause, add items (a button of another feature), change the guidelines, export. */
export function Steer({ project, addItems }: { project: ProjectDetail; addItems: ReactNode }) {
  const may = useMayIn(project.slug);
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [exporting, setExporting] = useState(false);
  const { slug } = project;
  const paused = project.state === "paused";
  const turn = useMutation({
    mutationFn: () => steer(slug, paused ? "resume" : "pause"),
    // The reply counts the day by UTC; the person's own count stays.
    onSuccess: (next) => client.setQueryData<ProjectDetail>(["project", slug], (old) => ({ ...next, mine: old?.mine ?? next.mine })),
  });
  return (
    <div className={css.steer}>
      {may("project.manage") && (
        <>
          <Button variant={paused ? "filled" : "default"} size="compact-md" leftSection={<Icon name={paused ? "play" : "pause"} />} loading={turn.isPending} onClick={() => turn.mutate()} data-testid="pause">
            {paused ? s.progress.resume : s.progress.pause}
          </Button>
          {addItems}
          <Button variant="default" size="compact-md" leftSection={<Icon name="book" />} onClick={() => setOpen(true)}>
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
            {Object.entries(COMMON_FORMATS).map(([format, name]) => (
              <Menu.Item key={format} component="a" href={exportAddress(slug, { format })} download>
                {name}
              </Menu.Item>
            ))}
            {project.kind === "image" && (
              <Menu.Item component="a" href={exportAddress(slug, { format: "csv", media: "true" })} download>
                {s.exports.withImages}
              </Menu.Item>
            )}
            <Menu.Item onClick={() => setExporting(true)}>{s.exports.more}</Menu.Item>
            <Menu.Divider />
            <Menu.Item component="a" href={onSite(`/api/v1/projects/${slug}/model`)} download>
              {s.progress.exportModel}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {exporting && <ExportDialog fetchFile={exportOf(slug)} onClose={() => setExporting(false)} />}
      {turn.error && <ErrorNotice error={asApiError(turn.error)} />}
      <Modal opened={open} onClose={() => setOpen(false)} title={s.progress.editGuidelines} size="lg" closeOnClickOutside={false} transitionProps={{ duration: 100 }}>
        <EditGuidelines project={project} onDone={() => setOpen(false)} />
      </Modal>
    </div>
  );
}
