import { Button, FileButton, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { projectsQuery } from "@/api/projects";
import type { Preview } from "@/api/types";
import { upload } from "@/api/upload";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./create.module.css";
import { NOTHING, type StartFrom } from "./startFrom";

interface Props {
  kind: Preview["kind"];
  from: StartFrom;
  /** A project that is not offered: the one that takes the labels. */
  without?: string;
  /** What they are good for, in other words than for a new project. */
  text?: string;
  onChange: (from: StartFrom) => void;
}

const texts = s.create.startFrom;

/** Labels of another project or file that the model learns from until there are enough here. */
export function StartFromFields({ kind, from, without, text = texts.text, onChange }: Props) {
  const known = useQuery(projectsQuery).data?.items ?? [];
  const fitting = known.filter((one) => one.slug !== without && one.kind === kind && one.task === "classification" && one.permissions.includes("export"));
  const sending = useMutation({
    mutationFn: (file: File) => upload([{ file, path: file.name }], () => undefined, new AbortController().signal),
    onSuccess: ({ id, name }) => onChange({ ...NOTHING, upload: { id, name } }),
  });
  return (
    <section className={`lw-panel ${css.fields}`} data-testid="start-from">
      <h2>{texts.title}</h2>
      <p className="lw-quiet lw-small">{text}</p>
      <div className={css.pair}>
        <Select
          label={texts.project}
          placeholder={fitting.length === 0 ? texts.noProject : texts.none}
          disabled={fitting.length === 0 || from.upload !== null}
          clearable
          searchable
          data={fitting.map((one) => ({ value: one.slug, label: one.title }))}
          value={from.project}
          onChange={(project) => onChange({ ...NOTHING, project })}
          data-testid="start-from-project"
        />
        {from.project !== null && (
          <TextInput label={texts.snapshot} description={texts.snapshotHint} value={from.snapshot} maxLength={80} onChange={(event) => onChange({ ...from, snapshot: event.currentTarget.value })} />
        )}
        {from.upload !== null && (
          <TextInput label={texts.label} description={texts.labelHint} value={from.label} maxLength={200} onChange={(event) => onChange({ ...from, label: event.currentTarget.value })} />
        )}
      </div>
      {from.project === null && (
        <div className={css.startFile}>
          {from.upload === null ? (
            <FileButton onChange={(file) => file && sending.mutate(file)}>
              {(props) => (
                <Button {...props} variant="default" size="compact-sm" loading={sending.isPending}>
                  {texts.file}
                </Button>
              )}
            </FileButton>
          ) : (
            <>
              <span>{from.upload.name}</span>
              <Button variant="subtle" size="compact-sm" onClick={() => onChange(NOTHING)}>
                {texts.remove}
              </Button>
            </>
          )}
        </div>
      )}
      {sending.error && <ErrorNotice error={asApiError(sending.error)} />}
    </section>
  );
}
