import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { ItemSummary } from "@/api/types";
import { SelectionActions } from "@/selection/SelectionActions";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { changedItems } from "../refresh";
import { ExcludeDialog } from "./ExcludeDialog";
import css from "./items.module.css";
import { include } from "./requests";

/** What can be done with the items that are selected. */
export function SelectionBar({ slug, items, onDone }: { slug: string; items: readonly ItemSummary[]; onDone: () => void }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const inside = items.filter((item) => !item.excluded).map((item) => item.id);
  const outside = items.filter((item) => item.excluded).map((item) => item.id);
  const back = useMutation({
    mutationFn: () => include(slug, outside),
    onSuccess: async () => {
      await changedItems(client, slug);
      onDone();
    },
  });
  return (
    <div className={css.bar} role="toolbar" aria-label={s.records.selected(items.length)} data-testid="selection">
      <b className="lw-num">{s.records.selected(items.length)}</b>
      {back.error && <ErrorNotice error={asApiError(back.error)} />}
      <Button size="compact-sm" variant="subtle" onClick={onDone}>
        {s.records.clearSelection}
      </Button>
      {inside.length > 0 && <SelectionActions slug={slug} items={inside} onDone={onDone} />}
      {outside.length > 0 && (
        <Button size="compact-sm" variant="default" loading={back.isPending} onClick={() => back.mutate()} data-testid="include">
          {s.records.include(outside.length)}
        </Button>
      )}
      {inside.length > 0 && (
        <Button size="compact-sm" variant="default" onClick={() => setAsking(true)} data-testid="exclude">
          {s.records.exclude(inside.length)}
        </Button>
      )}
      <ExcludeDialog slug={slug} items={inside} opened={asking} onClose={() => setAsking(false)} onDone={onDone} />
    </div>
  );
}
