import { Button, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { nameSnapshot, type Version } from "./requests";
import css from "./versions.module.css";

const texts = s.versions;

/** A name for the labels as they are now, or as an earlier version has them. */
export function NameSnapshot({ slug, versions, onClose }: { slug: string; versions: readonly Version[]; onClose: () => void }) {
  const [name, setName] = useState("");
  const [at, setAt] = useState("");
  const [note, setNote] = useState("");
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: () => nameSnapshot(slug, { name: name.trim(), at: at || null, note: note.trim() || null }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["versions", slug] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!send.isPending && name.trim() !== "") send.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={texts.newTitle} transitionProps={{ duration: 100 }}>
      <form className={css.form} onSubmit={submit}>
        <TextInput data-autofocus label={texts.newName} description={texts.newNameHint} maxLength={80} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select
          label={texts.newAt}
          allowDeselect={false}
          value={at}
          onChange={(value) => setAt(value ?? "")}
          data={[{ value: "", label: texts.now }, ...versions.map((one) => ({ value: one.name, label: one.name }))]}
        />
        <Textarea label={texts.newNote} autosize minRows={2} maxLength={2000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        {send.error && <ErrorNotice error={asApiError(send.error)} />}
        <div className={css.buttons}>
          <Button variant="default" onClick={onClose}>
            {s.common.cancel}
          </Button>
          <Button type="submit" disabled={name.trim() === ""} loading={send.isPending}>
            {texts.newDone}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
