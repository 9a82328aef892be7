import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import type { ItemDetail } from "@/api/types";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { changedItems } from "../refresh";
import { toTyped } from "./content";
import { EraseDialog } from "./EraseDialog";
import { ExcludeDialog } from "./ExcludeDialog";
import css from "./items.module.css";
import { ReplaceDialog } from "./ReplaceDialog";
import { include } from "./requests";

/** What a lead can do with an item. */
export function ItemActions({ slug, detail }: { slug: string; detail: ItemDetail }) {
  const client = useQueryClient();
  const [open, setOpen] = useState<"exclude" | "replace" | "erase" | null>(null);
  const { id, content } = detail.item;
  const back = useMutation({ mutationFn: () => include(slug, [id]), onSuccess: () => changedItems(client, slug) });
  if (!useMayIn(slug)("project.manage")) return null;
  return (
    <div className={css.buttons}>
      {back.error && <ErrorNotice error={asApiError(back.error)} />}
      {!detail.erased && toTyped(content) && (
        <Button variant="default" size="compact-sm" onClick={() => setOpen("replace")} data-testid="replace">
          {s.records.replace}
        </Button>
      )}
      {detail.erased ? null : detail.excluded ? (
        <Button variant="default" size="compact-sm" loading={back.isPending} onClick={() => back.mutate()} data-testid="include">
          {s.records.include(1)}
        </Button>
      ) : (
        <Button variant="default" size="compact-sm" onClick={() => setOpen("exclude")} data-testid="exclude">
          {s.records.exclude(1)}
        </Button>
      )}
      {!detail.erased && (
        <Button variant="default" color="red" size="compact-sm" onClick={() => setOpen("erase")} data-testid="erase">
          {s.records.erase}
        </Button>
      )}
      <EraseDialog slug={slug} id={id} itemKey={detail.item.key} opened={open === "erase"} onClose={() => setOpen(null)} />
      <ExcludeDialog slug={slug} items={[id]} opened={open === "exclude"} onClose={() => setOpen(null)} />
      {open === "replace" && <ReplaceDialog slug={slug} item={detail.item} onClose={() => setOpen(null)} />}
    </div>
  );
}
