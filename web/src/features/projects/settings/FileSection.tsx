import { onSite } from "@/site/base";
import { Button, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { asApiError } from "@/api/error";
import type { ProjectDetail } from "@/api/types";
import { Icon } from "@/ui/Icon";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { applyFile, previewFile, readFile, type FilePreview } from "./requests";
import css from "./settings.module.css";

const texts = s.settings.file;

/** The project as a file: downloaded, changed elsewhere or here, held against the project, applied. */
export function FileSection({ project }: { project: ProjectDetail }) {
  const { slug } = project;
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const load = useMutation({ mutationFn: () => readFile(slug), onSuccess: (read) => setText(read) });
  const preview = useMutation({ mutationFn: () => previewFile(slug, text) });
  const apply = useMutation({
    mutationFn: (seq: number) => applyFile(slug, text, seq),
    onSuccess: () => {
      preview.reset();
      return client.invalidateQueries({ predicate: (query) => query.queryKey.includes(slug) });
    },
  });
  const change = (next: string) => {
    setText(next);
    preview.reset();
    apply.reset();
  };
  const error = load.error ?? preview.error ?? apply.error;
  return (
    <section className={`lw-panel ${css.section}`} data-testid="settings-file">
      <h2>{texts.title}</h2>
      <p className="lw-quiet lw-small">{texts.text}</p>
      <div className={css.buttons}>
        <Button component="a" variant="default" href={onSite(`/api/v1/projects/${slug}/config`)} download={`${slug}.toml`} leftSection={<Icon name="download" />} data-testid="file-download">
          {texts.download}
        </Button>
        <Button variant="default" onClick={() => load.mutate()} loading={load.isPending} data-testid="file-edit">
          {texts.edit}
        </Button>
        <Button variant="default" onClick={() => input.current?.click()}>
          {texts.choose}
        </Button>
        <input
          ref={input}
          type="file"
          accept=".toml,text/plain"
          hidden
          data-testid="file-input"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = "";
            if (file) void file.text().then(change);
          }}
        />
      </div>
      {text !== "" && (
        <>
          <Textarea label={texts.label} value={text} onChange={(event) => change(event.currentTarget.value)} autosize minRows={8} maxRows={24} spellCheck={false} styles={{ input: { fontFamily: "ui-monospace, monospace", fontSize: 13 } }} data-testid="file-text" />
          <div className={css.buttons}>
            <Button onClick={() => preview.mutate()} loading={preview.isPending} data-testid="file-preview">
              {texts.preview}
            </Button>
          </div>
        </>
      )}
      {error && <ErrorNotice error={asApiError(error)} />}
      {preview.data && <Differences found={preview.data} pending={apply.isPending} onApply={() => apply.mutate(preview.data.seq)} />}
      <span className="lw-quiet lw-small" role="status">
        {apply.data ? texts.applied(apply.data.differences.length) : ""}
      </span>
    </section>
  );
}

function Differences({ found, pending, onApply }: { found: FilePreview; pending: boolean; onApply: () => void }) {
  const notes = found.notes.map((note) => (
    <Notice key={note} tone="warn">
      <p>{note}</p>
    </Notice>
  ));
  if (found.differences.length === 0) {
    return (
      <>
        <p data-testid="file-same">{texts.same}</p>
        {notes}
      </>
    );
  }
  return (
    <>
      <div className={css.scroll}>
        <table className={css.differences} data-testid="file-differences">
          <caption className="lw-small">{texts.differences(found.differences.length)}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.where}</th>
              <th scope="col">{texts.before}</th>
              <th scope="col">{texts.after}</th>
              <th scope="col">{texts.effect}</th>
            </tr>
          </thead>
          <tbody>
            {found.differences.map((one, k) => (
              <tr key={k} data-possible={one.possible}>
                <th scope="row">
                  {one.table} {one.key}
                </th>
                <td dir="auto">{one.before}</td>
                <td dir="auto">{one.after}</td>
                <td>
                  {!one.possible && <b>{texts.impossible} </b>}
                  {one.effect}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {notes}
      <div className={css.buttons}>
        <Button onClick={onApply} loading={pending} disabled={!found.possible} data-testid="file-apply">
          {texts.apply}
        </Button>
        {!found.possible && <span className="lw-quiet lw-small">{texts.notPossible}</span>}
      </div>
    </>
  );
}
