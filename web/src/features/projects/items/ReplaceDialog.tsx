import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { Item } from "@/api/types";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { changedItems } from "../refresh";
import { TEXT, toCells, toTyped } from "./content";
import css from "./items.module.css";
import { replaceContent } from "./requests";

/** Replaces what an item shows. The answers to the old content no longer count, and the dialog says so. */
export function ReplaceDialog({ slug, item, onClose }: { slug: string; item: Item; onClose: () => void }) {
  const client = useQueryClient();
  const [start] = useState(() => toTyped(item.content) ?? {});
  const [typed, setTyped] = useState(start);
  const run = useMutation({
    mutationFn: () => replaceContent(slug, item.id, toCells(item.content, typed)),
    onSuccess: async () => {
      await changedItems(client, slug);
      onClose();
    },
  });
  const change = (column: string, text: string) => setTyped((now) => ({ ...now, [column]: text }));
  const same = Object.entries(start).every(([column, text]) => typed[column] === text);
  return (
    <Modal opened onClose={onClose} title={s.records.replaceOf(item.key)} size="lg" closeOnClickOutside={same} transitionProps={{ duration: 100 }}>
      <form
        className={css.stack}
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <Notice tone="warn">{s.records.replaceMeans}</Notice>
        {item.content.row ? (
          Object.keys(start).map((column) => (
            <TextInput key={column} label={column} value={typed[column] ?? ""} onChange={(event) => change(column, event.currentTarget.value)} />
          ))
        ) : (
          <Textarea aria-label={s.records.text} autosize minRows={8} maxRows={20} dir="auto" value={typed[TEXT] ?? ""} onChange={(event) => change(TEXT, event.currentTarget.value)} data-autofocus />
        )}
        {run.error && <ErrorNotice error={asApiError(run.error)} />}
        <div className={css.buttons}>
          <Button type="button" variant="default" onClick={onClose}>
            {s.common.cancel}
          </Button>
          <Button type="submit" loading={run.isPending} disabled={same || Object.values(typed).every((text) => text.trim() === "")}>
            {s.records.replaceNow}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
