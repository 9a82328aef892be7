import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { ImportBatch } from "@/api/types";
import { ago } from "@/ui/format";
import { Badge, ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { changedItems } from "../refresh";
import css from "./imports.module.css";
import { importsQuery, undoImport } from "./requests";

/** All imports, newest first; each can be undone, after the page has said what that means. */
export function ImportList({ slug }: { slug: string }) {
  const imports = useQuery(importsQuery(slug));
  const [asking, setAsking] = useState<string | null>(null);
  return (
    <section className={css.stack}>
      <h2>{s.imports.title}</h2>
      {imports.error && <ErrorNotice error={asApiError(imports.error)} />}
      {imports.isPending && <p className="lw-quiet lw-small">{s.common.loading}</p>}
      <ul className={css.list}>
        {imports.data?.items.map((one) => (
          <li key={one.id} data-testid={`import-${one.id}`}>
            <div className={css.line}>
              <div className={css.what}>
                <b className="lw-clip" dir="auto">{one.source}</b>
                <span className="lw-quiet lw-small">
                  {[s.imports.items(one.n_items), one.labels_are ? s.imports.labelsAre[one.labels_are] : "", one.by ?? "", ago(one.at)].filter(Boolean).join(" · ")}
                </span>
              </div>
              {one.first && <Badge>{s.imports.first}</Badge>}
              {one.undone ? (
                <Badge tone="warn">{s.imports.undone}</Badge>
              ) : (
                asking !== one.id && (
                  <Button size="compact-sm" variant="subtle" onClick={() => setAsking(one.id)}>
                    {s.imports.undo}
                  </Button>
                )
              )}
            </div>
            {asking === one.id && <Confirm slug={slug} batch={one} onDone={() => setAsking(null)} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Confirm({ slug, batch, onDone }: { slug: string; batch: ImportBatch; onDone: () => void }) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const undo = useMutation({
    mutationFn: () => undoImport(slug, batch.id, reason.trim()),
    onSuccess: async () => {
      await changedItems(client, slug);
      onDone();
    },
  });
  return (
    <Notice tone="warn">
      <div className={css.stack}>
        <p>{s.imports.undoMeans(batch.n_items)}</p>
        {batch.first && <p>{s.imports.undoFirst}</p>}
        <TextInput label={s.imports.reason} placeholder={s.imports.reasonHint} value={reason} maxLength={2000} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
        {undo.error && <ErrorNotice error={asApiError(undo.error)} />}
        <div className={css.buttons}>
          <Button size="compact-md" variant="default" onClick={onDone}>
            {s.common.cancel}
          </Button>
          <Button size="compact-md" color="red" loading={undo.isPending} disabled={reason.trim() === ""} onClick={() => undo.mutate()}>
            {s.imports.undoNow}
          </Button>
        </div>
      </div>
    </Notice>
  );
}
