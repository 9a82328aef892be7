import { Button, Progress } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState, type ReactNode } from "react";
import { metricsQuery } from "@/api/choices";
import { asApiError, type ApiError } from "@/api/error";
import type { Columns, Preview, SetUp } from "@/api/types";
import { upload as send } from "@/api/upload";
import { bytes } from "@/ui/format";
import { FileDrop, type Dropped } from "@/ui/FileDrop";
import { ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { dismissImport } from "../failed/requests";
import { AnswerColumn } from "./AnswerColumn";
import { Ask } from "./Ask";
import { Columns as ColumnRoles } from "./Columns";
import css from "./create.module.css";
import { Goal } from "./Goal";
import { Importing } from "./Importing";
import { Kept } from "./Kept";
import { ASKS_ANSWER, assign, changeQuestion, decide, firstOf, fromPreview, mayStartFrom, problemsOf, toProject, withSetUp, type Form, type Role } from "./model";
import { PreviewTable } from "./PreviewTable";
import { Problems } from "./Problems";
import { Side } from "./Side";
import { StartFromFields } from "./StartFromFields";
import type { QuestionForm } from "./questions";
import { createProject, previewAgain, previewUpload, type Choices, type Source } from "./requests";

interface Props {
  /** The import that failed and is tried again, and what was chosen for it. */
  failed: string | null;
  choices: Choices | null;
  similar: (about: About) => ReactNode;
}

/** What similar projects are looked for by, and what their set-up is used for. */
export interface About {
  upload: string;
  columns: Columns;
  task: Preview["task"];
  labels: string[];
  onUse: (setup: SetUp) => void;
}

export function CreateProject({ failed, choices, similar }: Props) {
  const client = useQueryClient();
  const [sent, setSent] = useState<number | null>(null);
  const [name, setName] = useState("");
  const [source, setSource] = useState<Source | null>(choices?.source ?? null);
  const [form, setForm] = useState<Form | null>(choices?.source ? choices.form : null);
  const [kept, setKept] = useState<Form | null>(choices?.form ?? null);
  const [before, setBefore] = useState(failed);
  const [error, setError] = useState<ApiError | null>(choices?.error ?? null);
  const [busy, setBusy] = useState(false);
  const [created, setCreated] = useState<string | null>(null);
  const abort = useRef<AbortController | null>(null);

  /** Run one request at a time; its error is shown and what was there stays. */
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };

  const take = (files: Dropped[]) =>
    run(async () => {
      setName(files.length === 1 ? (files[0]?.path ?? "") : s.create.files(files.length));
      setSent(0);
      abort.current = new AbortController();
      try {
        const upload = await send(files, setSent, abort.current.signal);
        if (kept) {
          const again = await previewAgain(upload, kept);
          setSource(again.source);
          setForm(again.form);
        } else {
          const preview = await previewUpload(upload.id, {}, null, null);
          setSource({ upload, preview });
          setForm(fromPreview(preview, null));
        }
      } finally {
        setSent(null);
      }
    });

  const look = (next: Form) =>
    run(async () => {
      if (!source) return;
      setForm(next);
      const first = firstOf(next);
      const changedLabel = next.columns.label !== form?.columns.label || first.task !== (form && firstOf(form).task);
      const labels = changedLabel || first.labels.length === 0 ? null : first.labels;
      const preview = await previewUpload(source.upload.id, next.columns, first.task, labels);
      setSource({ ...source, preview });
      setForm(fromPreview(preview, changedLabel ? changeQuestion(next, first.key, { labels: [] }) : next));
    });

  /** The labels of a further question are those that stand in its column. */
  const readLabels = (question: QuestionForm, column: string | null) =>
    run(async () => {
      if (!source || !form) return;
      setForm(changeQuestion(form, question.key, { column }));
      if (column === null) return;
      const { labels } = await previewUpload(source.upload.id, { ...form.columns, label: column }, question.task, null);
      setForm((now) => now && changeQuestion(now, question.key, { labels }));
    });

  if (created !== null) {
    const retry = () => {
      setBefore(created);
      setKept(form);
      setCreated(null);
    };
    return <Importing slug={created} onBack={() => setCreated(null)} onRetry={retry} />;
  }

  if (!source || !form) {
    return (
      <Page title={s.create.title}>
        <div className={css.intro}>
          {kept && <Kept file={choices?.file ?? null} isGone={choices !== null && choices.source === null} isPlan={failed === null && choices !== null} onForget={() => setKept(null)} />}
          {sent === null ? (
            <>
              <FileDrop onFiles={(files) => void take(files)} />
              {!kept && (
                <p className="lw-quiet">
                  {s.create.planFirst} <Link to="/plan">{s.create.planFirstLink}</Link>
                </p>
              )}
            </>
          ) : (
            <div className={css.uploading} role="status">
              <b>{sent < 1 ? s.create.uploading(name) : s.create.reading}</b>
              <Progress value={sent * 100} animated={sent >= 1} aria-label={s.create.uploading(name)} />
              <Button variant="default" onClick={() => abort.current?.abort()}>
                {s.common.cancel}
              </Button>
            </div>
          )}
          {error && error.code !== "aborted" && <ErrorNotice error={error} />}
        </div>
      </Page>
    );
  }

  const { preview, upload } = source;
  const problems = problemsOf(form, preview);
  const onRole = (column: string, role: Role) => {
    const columns = column === preview.answer ? decide(form.columns, column, role) : assign(form.columns, column, role);
    void look({ ...form, columns });
  };
  const start = () =>
    run(async () => {
      const project = await createProject(toProject(form, upload.id, (await client.fetchQuery(metricsQuery)).items));
      client.setQueryData(["project", project.slug], project);
      // Under its old name, the import that failed would stay in the list.
      if (before !== null && before !== project.slug) await dismissImport(before).catch(() => null);
      void client.invalidateQueries({ queryKey: ["projects"] });
      setCreated(project.slug);
    });

  return (
    <Page title={s.create.title}>
      <div className={css.layout}>
        <div className={css.main}>
          <section className="lw-panel">
            <div className={css.source}>
              <h2>{s.create.steps.file}</h2>
              <span className="lw-quiet lw-small lw-num">
                {upload.name} · {bytes(upload.bytes)} · {s.create.found(s.projects.kinds[preview.kind] ?? preview.kind, preview.format, s.create.rows(preview.n_rows))}
                {preview.encoding && preview.encoding !== "UTF-8" && ` · ${s.create.encoding(preview.encoding)}`}
              </span>
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => {
                  if (kept) setKept(form);
                  setSource(null);
                  setForm(null);
                }}
              >
                {s.create.another}
              </Button>
            </div>
            <ColumnRoles
              preview={preview}
              columns={form.columns}
              busy={busy}
              onAssign={onRole}
            />
            {preview.answer && <AnswerColumn column={preview.answer} busy={busy} onRole={(role) => onRole(preview.answer ?? "", role)} />}
            <Problems problems={preview.problems.filter((problem) => problem.code !== ASKS_ANSWER)} />
            <PreviewTable preview={preview} busy={busy} />
          </section>
          <Ask
            form={form}
            preview={preview}
            problems={problems}
            onForm={setForm}
            onFirstTask={(task) => void look(changeQuestion(form, firstOf(form).key, { task }))}
            onColumn={(question, column) => void readLabels(question, column)}
          />
          {mayStartFrom(form) && <StartFromFields kind={preview.kind} from={form.startFrom} onChange={(startFrom) => setForm({ ...form, startFrom })} />}
          <Goal form={form} problems={problems} nItems={preview.n_rows} onForm={setForm} />
          {problems.first === null && similar({ upload: upload.id, columns: form.columns, task: preview.task, labels: firstOf(form).labels, onUse: (setup) => setForm(withSetUp(form, setup)) })}
        </div>
        <Side preview={preview} form={form} stop={problems.first} busy={busy} error={error} onStart={() => void start()} />
      </div>
    </Page>
  );
}
