import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { saveSlice, type SliceFilter } from "./requests";
import css from "./selection.module.css";

interface Props {
  slug: string;
  what: { filter: SliceFilter } | { items: string[] };
  opened: boolean;
  onClose: () => void;
  onDone?: () => void;
}

/** Asks for the name of a slice. */
export function SaveSlice({ slug, what, opened, onClose, onDone }: Props) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const save = useMutation({
    mutationFn: () => saveSlice(slug, name, what),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["slices", slug] });
      setName("");
      onClose();
      onDone?.();
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={"items" in what ? s.selection.saveItems(what.items.length) : s.selection.save} transitionProps={{ duration: 100 }}>
      <form
        className={css.stack}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <p className="lw-quiet">{"items" in what ? s.selection.saveNamed : s.selection.saveFilter}</p>
        <TextInput label={s.selection.name} placeholder={s.selection.nameHint} value={name} maxLength={80} onChange={(event) => setName(event.currentTarget.value)} data-autofocus data-testid="slice-name" />
        {save.error && <ErrorNotice error={asApiError(save.error)} />}
        <div className={css.buttons}>
          <Button type="button" variant="default" onClick={onClose}>
            {s.common.cancel}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>
            {s.selection.save}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface FilterProps {
  slug: string;
  filter: { show: SliceFilter["show"]; question: string | null; label: string | null; search: string; slice: string | null; area: string | null };
}

/** Saves what the list is filtered by; not there while it is not filtered, is a slice already, or is of one state of the map. */
export function SaveFilter({ slug, filter }: FilterProps) {
  const [asking, setAsking] = useState(false);
  const { show, question, label, search, slice, area } = filter;
  if (slice !== null || area !== null || (show === "all" && label === null && search === "")) return null;
  return (
    <>
      <Button size="compact-sm" variant="subtle" onClick={() => setAsking(true)} data-testid="save-slice">
        {s.selection.save}
      </Button>
      <SaveSlice slug={slug} what={{ filter: { show, question, label, search: search || null } }} opened={asking} onClose={() => setAsking(false)} />
    </>
  );
}
