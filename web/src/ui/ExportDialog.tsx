/** Exports labels in any format, and says what the format had to leave out. */
import { Button, Checkbox, Modal, Select } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { save } from "./download";
import { Icon } from "./Icon";
import { ErrorNotice, type ErrorLike } from "./parts";
import { s } from "./strings";

const texts = s.exports;
type Format = keyof typeof texts.names;
const GROUPS: { group: string; items: Format[] }[] = [
  { group: texts.tables, items: ["csv", "tsv", "xlsx", "jsonl", "parquet"] },
  { group: texts.tools, items: ["label-studio", "argilla", "prodigy", "doccano", "huggingface", "huggingface-folder"] },
];
const CHOICES = GROUPS.map(({ group, items }) => ({ group, items: items.map((value) => ({ value, label: texts.names[value] })) }));

interface Props {
  /** The name of a version; now if left out. */
  at?: string;
  fetchFile: (format: string, metadata: boolean) => Promise<{ name: string; content: Blob; findings: string }>;
  onClose: () => void;
}

export function ExportDialog({ at, fetchFile, onClose }: Props) {
  const [format, setFormat] = useState<string>("label-studio");
  const [metadata, setMetadata] = useState(false);
  const fetched = useMutation<string, ErrorLike>({
    mutationFn: async () => {
      const file = await fetchFile(format, metadata);
      save(file.name, file.content);
      return file.findings;
    },
  });
  const change = (next: () => void) => {
    fetched.reset();
    next();
  };
  return (
    <Modal opened onClose={onClose} title={at === undefined ? texts.title : `${texts.title}: ${at}`} transitionProps={{ duration: 100 }}>
      <Select label={texts.format} data={CHOICES} value={format} allowDeselect={false} onChange={(value) => value !== null && change(() => setFormat(value))} data-autofocus />
      <Checkbox mt="md" label={texts.metadata} description={texts.metadataText} checked={metadata} onChange={(event) => { const { checked } = event.currentTarget; change(() => setMetadata(checked)); }} />
      {fetched.error && <ErrorNotice error={fetched.error} />}
      <p role="status">{fetched.data === undefined ? "" : fetched.data === "" ? texts.done : `${texts.leftOut} ${fetched.data}`}</p>
      <Button leftSection={<Icon name="download" />} loading={fetched.isPending} onClick={() => fetched.mutate()}>
        {s.common.download}
      </Button>
    </Modal>
  );
}
