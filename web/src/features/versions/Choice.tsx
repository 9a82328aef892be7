import { Button, Modal, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { chooseModel, type Model } from "./requests";
import css from "./versions.module.css";

const texts = s.versions;

/** What is to serve a question; the newest model where it is null. */
export interface Chosen {
  question: string;
  model: Model | null;
  now: string | null;
}

/** Says what the choice changes and what it leaves alone, before it is made. */
export function Choice({ slug, choice, nItems, onClose }: { slug: string; choice: Chosen; nItems: number; onClose: () => void }) {
  const [note, setNote] = useState("");
  const client = useQueryClient();
  const { model, now } = choice;
  const send = useMutation({
    mutationFn: () => chooseModel(slug, { question: choice.question, model: model?.id ?? null, note: note.trim() || null }),
    onSuccess: async () => {
      // Predictions are on many pages.
      await client.invalidateQueries();
      onClose();
    },
  });
  const later = model === null ? 0 : nItems - model.n_items;
  const serves = now ?? texts.newest;
  return (
    <Modal opened onClose={onClose} title={model === null ? texts.newestTitle : texts.serveTitle(model.id)} transitionProps={{ duration: 100 }}>
      <div className={css.form}>
        <p>{model === null ? texts.newestChanges(serves) : model.id === now ? texts.keepChanges : texts.serveChanges(serves)}</p>
        {later > 0 && <p>{texts.serveLater(later)}</p>}
        <p className="lw-quiet">{texts.serveKeeps}</p>
        <Textarea label={texts.note} autosize minRows={2} maxLength={2000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        {send.error && <ErrorNotice error={asApiError(send.error)} />}
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>
            {s.common.cancel}
          </Button>
          <Button loading={send.isPending} onClick={() => send.mutate()} data-testid="confirm">
            {model === null ? texts.serveNewest : texts.serve}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
