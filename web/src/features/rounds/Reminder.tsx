import { Button, Textarea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { moment } from "@/ui/format";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { recordReview, reviewQuery, type DesignReview } from "./requests";
import css from "./rounds.module.css";

const texts = s.rounds.review;

/** One line on the page Progress when it is time to look at how items are chosen. */
export function ReminderLine({ slug }: { slug: string }) {
  const may = useMayIn(slug);
  const found = useQuery({ ...reviewQuery(slug), enabled: may("project.manage") }).data;
  if (!found?.due) return null;
  return (
    <div className={css.line}>
      <Notice tone="warn">
        <p data-testid="reminder-line">
          {texts.due(found.rounds)}{" "}
          <Link to="/p/$slug/rounds" params={{ slug }}>
            {texts.dueLink}
          </Link>
        </p>
      </Notice>
    </div>
  );
}

/** What the data say about how items are chosen; open by itself when a review is due. */
export function Reminder({ slug }: { slug: string }) {
  const query = useQuery(reviewQuery(slug));
  if (query.error) return <ErrorNotice error={asApiError(query.error)} />;
  const found = query.data;
  if (!found) return null;
  return (
    <details className={`lw-panel ${css.review}`} open={found.due} data-testid="design-review" data-due={found.due || undefined}>
      <summary>
        <h2>{texts.title}</h2>
        <span className="lw-small lw-quiet">{standing(found)}</span>
      </summary>
      {found.last_at && <p className="lw-small lw-quiet">{texts.last(moment(found.last_at))}</p>}
      <div className={css.parts}>
        {found.parts.map((part) => (
          <section key={part.name}>
            <h3>{texts.parts[part.name]}</h3>
            <p className="lw-quiet lw-small">{texts.asks[part.name]}</p>
            <ul>
              {part.sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <Reviewed slug={slug} />
    </details>
  );
}

function standing(found: DesignReview): string {
  if (found.every === 0) return texts.never;
  return found.due ? texts.due(found.rounds) : texts.next(found.rounds, found.every);
}

function Reviewed({ slug }: { slug: string }) {
  const may = useMayIn(slug);
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const send = useMutation({
    mutationFn: () => recordReview(slug, note.trim()),
    onSuccess: (now) => {
      setNote("");
      client.setQueryData<DesignReview>(["design-review", slug], now);
    },
  });
  if (!may("project.manage")) return null;
  return (
    <form
      className={css.reviewed}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Textarea label={texts.note} autosize minRows={1} maxLength={2000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      <Button type="submit" variant="default" loading={send.isPending}>
        {texts.done}
      </Button>
      {send.error && <ErrorNotice error={asApiError(send.error)} />}
    </form>
  );
}
