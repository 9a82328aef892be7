import { Button, Modal, Select, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { Question } from "@/api/types";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { LabelFigures } from "./LabelFigures";
import { makeChange, previewChange, type Wanted } from "./labelRequests";
import css from "./settings.module.css";

const texts = s.migrations;

export interface Asked {
  what: "merge" | "split";
  label: { id: string; name: string };
}

const linesOf = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** Merge or split one label: what it should become, what that would do, why, and then for good or as a proposal. */
export function LabelDialog({ slug, question, asked, onClose }: { slug: string; question: Question; asked: Asked; onClose: () => void }) {
  const { what, label } = asked;
  const client = useQueryClient();
  const [into, setInto] = useState<string | null>(null);
  const [parts, setParts] = useState("");
  const [reason, setReason] = useState("");
  const preview = useMutation({ mutationFn: (wanted: Wanted) => previewChange(slug, question.id, wanted) });
  const send = useMutation({
    mutationFn: (wanted: Wanted) => makeChange(slug, question.id, wanted, reason.trim(), preview.data?.settings_version ?? 0),
    onSuccess: async () => {
      await client.invalidateQueries({ predicate: (query) => query.queryKey.includes(slug) });
      onClose();
    },
  });
  const names = linesOf(parts);
  const wanted: Wanted | null =
    what === "split" ? (names.length > 1 ? { what, label: label.id, into: names } : null) : into === null ? null : { what, label: label.id, into };
  const changed = () => {
    preview.reset();
    send.reset();
  };
  const error = preview.error ?? send.error;
  return (
    <Modal opened onClose={onClose} size="lg" title={what === "merge" ? texts.mergeOf(label.name) : texts.splitOf(label.name)} closeButtonProps={{ "aria-label": s.common.close }} transitionProps={{ duration: 100 }}>
      <div className={css.section} data-testid="label-dialog">
        <p>{what === "merge" ? texts.mergeText : texts.splitText}</p>
        {what === "merge" ? (
          <Select
            label={texts.into}
            data={question.labels.filter((one) => one.id !== label.id).map((one) => ({ value: one.id, label: one.name }))}
            value={into}
            searchable={question.labels.length > 8}
            comboboxProps={{ withinPortal: true }}
            onChange={(value) => {
              setInto(value);
              changed();
              if (value !== null) preview.mutate({ what, label: label.id, into: value });
            }}
            data-testid="merge-into"
          />
        ) : (
          <>
            <Textarea
              label={texts.parts}
              autosize
              minRows={2}
              maxRows={10}
              value={parts}
              onChange={(event) => {
                setParts(event.currentTarget.value);
                changed();
              }}
              data-testid="split-parts"
            />
            <div className={css.buttons}>
              <Button variant="default" disabled={wanted === null} loading={preview.isPending} onClick={() => wanted && preview.mutate(wanted)} data-testid="split-preview">
                {texts.preview}
              </Button>
            </div>
          </>
        )}
        {error && <ErrorNotice error={asApiError(error)} />}
        {preview.data && (
          <>
            <LabelFigures found={preview.data} />
            {preview.data.proposes && <Notice tone="warn">{texts.strict}</Notice>}
            <Textarea label={texts.reason} description={texts.reasonHint} required autosize minRows={1} maxLength={2000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-testid="label-reason" />
            <div className={css.buttons}>
              <Button disabled={reason.trim() === "" || wanted === null} loading={send.isPending} onClick={() => wanted && send.mutate(wanted)} data-testid="label-apply">
                {preview.data.proposes ? texts.propose : texts.apply}
              </Button>
              <Button variant="default" onClick={onClose}>
                {s.common.cancel}
              </Button>
            </div>
          </>
        )}
      </div>
    </Modal>
  );
}
