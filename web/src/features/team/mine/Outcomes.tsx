import { Button, Loader, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { moment } from "@/ui/format";
import { Badge, ErrorNotice, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import { appeal, outcomesQuery, type Outcome } from "../requests";
import css from "../team.module.css";

const texts = s.mine;

/** What reviews decided about the person's answers; those sent back come first. */
export function Outcomes({ slug }: { slug: string }) {
  const outcomes = useQuery(outcomesQuery(slug));
  return (
    <section className="lw-panel" data-testid="outcomes">
      <h2>{texts.outcomes}</h2>
      {outcomes.error && <ErrorNotice error={asApiError(outcomes.error)} />}
      {outcomes.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {outcomes.data?.items.length === 0 && <p className="lw-quiet lw-small">{texts.outcomesNone}</p>}
      <ul className={css.list}>
        {outcomes.data?.items.map((one) => (
          <One key={one.review} slug={slug} one={one} />
        ))}
      </ul>
    </section>
  );
}

function One({ slug, one }: { slug: string; one: Outcome }) {
  const [appealing, setAppealing] = useState(false);
  return (
    <li>
      <span className={css.peek}>
        <Peek preview={one.preview} />
      </span>
      <span className={css.said}>
        <Badge tone={one.waits ? "warn" : one.agrees ? "good" : undefined}>{texts.results[one.outcome] ?? one.outcome}</Badge>
        <span>
          <span className="lw-quiet">{texts.own}:</span> <b dir="auto">{one.own}</b>
        </span>
        {one.decided !== null && (
          <span>
            <span className="lw-quiet">{texts.decided}:</span> <b dir="auto">{one.decided}</b> {one.agrees && <span className="lw-quiet">({texts.agrees})</span>}
          </span>
        )}
        <span className="lw-quiet lw-small">{moment(one.at)}</span>
        {one.outcome === "send-back" && !one.waits && <span className="lw-quiet lw-small">{texts.answered}</span>}
        {one.waits && (
          <Button size="compact-sm" renderRoot={(props) => <Link {...props} to="/p/$slug/label" params={{ slug }} search={{ correct: one.annotation }} />}>
            {texts.correct}
          </Button>
        )}
        {one.may_appeal && !appealing && (
          <Button size="compact-sm" variant="default" onClick={() => setAppealing(true)}>
            {texts.appeal}
          </Button>
        )}
      </span>
      {one.reason && (
        <span>
          <span className="lw-quiet">{texts.reason}:</span> <span dir="auto">{one.reason}</span>
        </span>
      )}
      {appealing && <AppealForm slug={slug} review={one.review} onClose={() => setAppealing(false)} />}
    </li>
  );
}

function AppealForm({ slug, review, onClose }: { slug: string; review: string; onClose: () => void }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const send = useMutation({
    mutationFn: () => appeal(slug, review, text),
    onSuccess: () => client.invalidateQueries({ queryKey: ["outcomes", slug] }),
  });
  if (send.isSuccess) return <p role="status">{texts.appealed}</p>;
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Textarea label={texts.appealReason} description={texts.appealText} autosize minRows={2} maxLength={4000} data-autofocus value={text} onChange={(event) => setText(event.currentTarget.value)} ref={(box) => box?.focus()} />
      {send.error && <ErrorNotice error={asApiError(send.error)} />}
      <div className={css.buttons}>
        <Button type="submit" disabled={text.trim() === ""} loading={send.isPending}>
          {texts.appealSend}
        </Button>
        <Button variant="default" onClick={onClose}>
          {s.common.cancel}
        </Button>
      </div>
    </form>
  );
}
