import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { changedItems } from "../refresh";
import css from "./items.module.css";
import { erase } from "./requests";

/** Asks why, and that the item's key is typed, before its content is destroyed for good; then says what is left. */
export function EraseDialog({ slug, id, itemKey, opened, onClose }: { slug: string; id: string; itemKey: string; opened: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const act = useMutation({ mutationFn: () => erase(slug, [id], reason.trim()), onSuccess: () => changedItems(client, slug) });
  const done = act.data;
  return (
    <Modal opened={opened} onClose={onClose} title={s.records.eraseTitle} closeButtonProps={{ "aria-label": s.common.close }} transitionProps={{ duration: 100 }}>
      {done ? (
        <div className={css.stack} data-testid="erased">
          <p>{s.records.erasedDone(done.label_versions.length, done.models.length)}</p>
          {done.findings.map((finding) => (
            <p key={finding} className="lw-quiet lw-small">
              {finding}
            </p>
          ))}
          <Button onClick={onClose}>{s.common.close}</Button>
        </div>
      ) : (
        <form
          className={css.stack}
          onSubmit={(event) => {
            event.preventDefault();
            if (typed === itemKey && reason.trim()) act.mutate();
          }}
        >
          <p>{s.records.eraseMeans}</p>
          <Textarea label={s.records.eraseReason} autosize minRows={2} maxLength={2000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus data-testid="erase-reason" />
          <TextInput label={s.records.eraseType(itemKey)} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} data-testid="erase-key" />
          {act.error && <ErrorNotice error={asApiError(act.error)} />}
          <Button type="submit" color="red" disabled={typed !== itemKey || !reason.trim()} loading={act.isPending} data-testid="erase-now">
            {s.records.erase}
          </Button>
        </form>
      )}
    </Modal>
  );
}
