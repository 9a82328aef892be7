import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { changedItems } from "../refresh";
import css from "./items.module.css";
import { exclude } from "./requests";

interface Props {
  slug: string;
  items: string[];
  opened: boolean;
  onClose: () => void;
  onDone?: () => void;
}

/** Says what excluding means and asks for the reason, which goes into the record. */
export function ExcludeDialog({ slug, items, opened, onClose, onDone }: Props) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const run = useMutation({
    mutationFn: () => exclude(slug, items, reason.trim()),
    onSuccess: async () => {
      await changedItems(client, slug);
      setReason("");
      onClose();
      onDone?.();
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={s.records.exclude(items.length)} transitionProps={{ duration: 100 }}>
      <form
        className={css.stack}
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <p className="lw-quiet">{s.records.excludeMeans}</p>
        <TextInput label={s.records.reason} placeholder={s.records.reasonHint} value={reason} maxLength={2000} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus data-testid="exclude-reason" />
        {run.error && <ErrorNotice error={asApiError(run.error)} />}
        <div className={css.buttons}>
          <Button type="button" variant="default" onClick={onClose}>
            {s.common.cancel}
          </Button>
          <Button type="submit" loading={run.isPending} disabled={reason.trim() === ""}>
            {s.records.exclude(items.length)}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
