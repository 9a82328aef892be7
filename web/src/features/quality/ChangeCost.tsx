import { Button, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { Question } from "@/api/types";
import { ErrorNotice, Figure } from "@/ui/parts";
import { s } from "@/ui/strings";
import { impactOf, sendToReview } from "./guidelines";
import css from "./quality.module.css";

/** What a changed rule between two labels may affect, before it is published. */
export function ChangeCost({ slug, question }: { slug: string; question: Question }) {
  const client = useQueryClient();
  const [one, setOne] = useState<string | null>(null);
  const [two, setTwo] = useState<string | null>(null);
  const labels = question.labels.map((label) => ({ value: label.id, label: label.name }));
  const ask = useMutation({ mutationFn: () => impactOf(slug, question.id, [{ label: one ?? "" }, { label: two ?? "" }], []) });
  const send = useMutation({
    mutationFn: (items: readonly string[]) => sendToReview(slug, question.id, items),
    onSuccess: () => client.invalidateQueries({ queryKey: ["reviews", slug] }),
  });
  const impact = ask.data;
  const measuring = impact ? impact.items.slice(0, impact.n_reserve + impact.n_gold) : [];
  const texts = s.quality.examples;
  return (
    <section className={css.rules}>
      <h3>{texts.cost}</h3>
      <p className="lw-quiet lw-small">{texts.costText}</p>
      <div className={css.fields}>
        <Select label={texts.between} searchable data={labels} value={one} onChange={setOne} />
        <Select label={texts.and} searchable data={labels} value={two} onChange={setTwo} />
        <Button variant="default" disabled={!one || !two || one === two} loading={ask.isPending} onClick={() => ask.mutate()}>
          {texts.ask}
        </Button>
      </div>
      {ask.error && <ErrorNotice error={asApiError(ask.error)} />}
      {impact && (
        <div role="status" data-testid="impact">
          <p>{impact.items.length === 0 ? texts.nothing : texts.affected(impact.n_training, impact.n_reserve, impact.n_gold, impact.hours)}</p>
          {impact.now && impact.flipped && (
            <p>
              {texts.metric(impact.metric)} <Figure estimate={impact.now} /> {texts.becomes} <Figure estimate={impact.flipped} />
            </p>
          )}
          {send.error && <ErrorNotice error={asApiError(send.error)} />}
          {send.data && <p>{texts.opened(send.data.opened)}</p>}
          <div className={css.buttons}>
            {measuring.length > 0 && (
              <Button variant="default" loading={send.isPending} onClick={() => send.mutate(measuring)}>
                {texts.sendMeasuring(measuring.length)}
              </Button>
            )}
            {impact.items.length > 0 && (
              <Button variant="default" loading={send.isPending} onClick={() => send.mutate(impact.items)}>
                {texts.sendAll(impact.items.length)}
              </Button>
            )}
          </div>
        </div>
      )}
    </section>
  );
}
