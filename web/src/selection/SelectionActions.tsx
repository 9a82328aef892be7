import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { pin } from "./requests";
import { SaveSlice } from "./SaveSlice";

/** Ask the chosen items first, or make a slice of them; for whoever may. */
export function SelectionActions({ slug, items, compact = false, onDone }: { slug: string; items: string[]; /** No slices, and few words. */ compact?: boolean; onDone?: () => void }) {
  const client = useQueryClient();
  const may = useMayIn(slug)("project.manage");
  const first = useMutation({
    mutationFn: () => pin(slug, items),
    onSuccess: async () => {
      for (const part of ["batch", "pins", "progress"]) await client.invalidateQueries({ queryKey: [part, slug] });
    },
  });
  if (!may) return null;
  return (
    <>
      {first.error && <ErrorNotice error={asApiError(first.error)} />}
      {first.data && !compact && (
        <span role="status" className="lw-small">
          {s.selection.pinned(first.data.changed, first.data.left_out)}
        </span>
      )}
      <Button size="compact-sm" variant="default" disabled={items.length === 0} loading={first.isPending} onClick={() => first.mutate()} data-testid="pin">
        {compact ? s.selection.first : s.selection.pin(items.length)}
      </Button>
      {!compact && <MakeSlice slug={slug} items={items} onDone={onDone} />}
    </>
  );
}

/** Make a slice of some items; for whoever may. */
export function MakeSlice({ slug, items, onDone }: { slug: string; items: string[]; onDone?: () => void }) {
  const may = useMayIn(slug)("project.manage");
  const [naming, setNaming] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" disabled={items.length === 0} onClick={() => setNaming(true)} data-testid="make-slice">
        {s.selection.save}
      </Button>
      <SaveSlice slug={slug} what={{ items }} opened={naming} onClose={() => setNaming(false)} onDone={onDone} />
    </>
  );
}
