import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { moment } from "@/ui/format";
import { Badge, ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { changesQuery, decideChange, type ChangeOfLabels } from "./labelRequests";
import css from "./settings.module.css";

const texts = s.migrations;

/** Mergers and splits of a question's labels: those that wait for a second person, then those that were decided. */
export function LabelChanges({ slug, question }: { slug: string; question: string }) {
  const changes = useQuery(changesQuery(slug, question));
  if (changes.error) return <ErrorNotice error={asApiError(changes.error)} />;
  if (!changes.data?.length) return null;
  return (
    <div className={css.section} data-testid="label-changes">
      <h3>{texts.changes}</h3>
      <ul className={css.changes}>
        {changes.data.map((one) => (
          <li key={one.id} data-state={one.state}>
            <div>
              <b dir="auto">{texts.merged(one.label, one.into.join(", "))}</b> {one.state !== "approved" && <Badge tone={one.state === "proposed" ? "warn" : undefined}>{one.state === "proposed" ? texts.waits : texts.refused}</Badge>}
            </div>
            {one.reason && <q dir="auto">{one.reason}</q>}
            <span className="lw-quiet lw-small">
              {one.state === "proposed" || one.decided_by === null ? texts.by(one.by, moment(one.at)) : texts.decidedBy(one.decided_by, moment(one.decided_at ?? one.at))}
              {one.state === "refused" && one.decided_reason ? ` · ${one.decided_reason}` : ""}
            </span>
            {one.state === "proposed" && <DecideChange slug={slug} question={question} change={one} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function DecideChange({ slug, question, change }: { slug: string; question: string; change: ChangeOfLabels }) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const send = useMutation({
    mutationFn: (approve: boolean) => decideChange(slug, question, change.id, approve, reason.trim()),
    onSettled: () => client.invalidateQueries({ predicate: (query) => query.queryKey.includes(slug) }),
  });
  const missing = reason.trim() === "";
  return (
    <>
      {!change.may_approve && <p className="lw-quiet lw-small">{texts.own}</p>}
      <Textarea label={texts.reason} required autosize minRows={1} maxLength={2000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-testid="change-reason" />
      {send.error && <ErrorNotice error={asApiError(send.error)} />}
      <div className={css.buttons}>
        {change.may_approve && (
          <Button disabled={missing} loading={send.isPending} onClick={() => send.mutate(true)} data-testid="change-approve">
            {texts.approve}
          </Button>
        )}
        <Button variant="default" disabled={missing} loading={send.isPending} onClick={() => send.mutate(false)} data-testid="change-refuse">
          {change.may_approve ? texts.refuse : texts.takeBack}
        </Button>
      </div>
    </>
  );
}
