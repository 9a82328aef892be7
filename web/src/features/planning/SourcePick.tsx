import { Button, Progress, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, type ApiError } from "@/api/error";
import { projectsQuery } from "@/api/projects";
import type { Columns, NewPlan, Preview } from "@/api/types";
import { upload as send } from "@/api/upload";
import { FileDrop, type Dropped } from "@/ui/FileDrop";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./planning.module.css";
import { previewFile } from "./requests";

const texts = s.planning;

export interface Picked {
  source: NewPlan["source"];
  task: string | null;
  /** Why it cannot be replayed yet. */
  stop: string | null;
}

export const NOTHING: Picked = { source: { columns: {} }, task: null, stop: texts.noSource };

interface File {
  id: string;
  name: string;
  preview: Preview;
}

/** Labeled data to replay: a project that the person manages, or a file with a column of labels. */
export function SourcePick({ onPick }: { onPick: (picked: Picked) => void }) {
  const projects = useQuery(projectsQuery).data?.items.filter((one) => one.permissions.includes("project.manage")) ?? null;
  const [picked, setKind] = useState<"project" | "file" | null>(null);
  const [slug, setSlug] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const kind = picked ?? (projects?.length === 0 ? "file" : "project");

  const toProject = (next: string | null) => {
    setSlug(next);
    const project = projects?.find((one) => one.slug === next);
    onPick(project ? { source: { project: project.slug, columns: {} }, task: project.task ?? null, stop: null } : NOTHING);
  };
  const toFile = (next: File | null) => {
    setFile(next);
    if (!next) return onPick(NOTHING);
    const { columns, task } = next.preview;
    onPick({ source: { upload_id: next.id, columns, task }, task, stop: columns.label ? null : texts.noLabel });
  };
  const look = async (id: string, name: string, columns: Columns) => {
    setError(null);
    try {
      toFile({ id, name, preview: await previewFile(id, columns) });
    } catch (thrown) {
      setError(asApiError(thrown));
    }
  };
  const take = async (files: Dropped[]) => {
    setError(null);
    setSent(0);
    try {
      const upload = await send(files, setSent, new AbortController().signal);
      const { answer } = await previewFile(upload.id, {});
      await look(upload.id, upload.name, answer ? { label: answer } : {});
    } catch (thrown) {
      setError(asApiError(thrown));
    } finally {
      setSent(null);
    }
  };

  return (
    <section className="lw-panel">
      <h2>{texts.source}</h2>
      <SegmentedControl
        aria-label={texts.source}
        value={kind}
        onChange={(value) => {
          setKind(value as "project" | "file");
          if (value === "project") toProject(slug);
          else toFile(file);
        }}
        data={[{ value: "project", label: texts.fromProject }, { value: "file", label: texts.fromFile }]}
      />
      {kind === "project" && projects?.length === 0 && <p className="lw-quiet">{texts.noProjects}</p>}
      {kind === "project" && projects !== null && projects.length > 0 && (
        <Select label={texts.project} description={texts.projectHelp} data={projects.map((one) => ({ value: one.slug, label: one.title }))} value={slug} onChange={toProject} searchable />
      )}
      {kind === "file" && file === null && sent === null && <FileDrop compact onFiles={(files) => void take(files)} />}
      {sent !== null && <Progress value={sent * 100} animated={sent >= 1} aria-label={s.create.reading} />}
      {kind === "file" && file !== null && (
        <div className={css.file}>
          <p>
            <b>{file.name}</b> <span className="lw-quiet">{texts.rows(file.preview.n_rows ?? null)}</span>
          </p>
          <Button size="compact-sm" variant="subtle" onClick={() => toFile(null)}>
            {s.create.another}
          </Button>
          <Select
            className={css.wide}
            label={texts.labelColumn}
            description={texts.labelHelp}
            data={file.preview.all_columns}
            value={file.preview.columns.label || null}
            onChange={(column) => void look(file.id, file.name, column ? { label: column } : {})}
          />
        </div>
      )}
      {error && <ErrorNotice error={error} />}
    </section>
  );
}
