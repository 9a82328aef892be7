import { Button, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { moment } from "@/ui/format";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./quality.module.css";
import { comment, type Review } from "./requests";

/** What people wrote about a review. */
export function Comments({ slug, review, mayWrite }: { slug: string; review: Review; mayWrite: boolean }) {
  const [text, setText] = useState("");
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: () => comment(slug, review.line.id, text),
    onSuccess: (now) => {
      setText("");
      client.setQueryData(["review", slug, review.line.id], now);
    },
  });
  return (
    <section className="lw-panel">
      <h3>{s.quality.comments}</h3>
      <ul className={css.comments}>
        {review.comments.map((one) => (
          <li key={one.id}>
            <b>{one.person}</b> <span className="lw-quiet lw-small">{moment(one.at)}</span>
            <p dir="auto">{one.text}</p>
          </li>
        ))}
      </ul>
      {send.error && <ErrorNotice error={asApiError(send.error)} />}
      {mayWrite && (
        <form
          className={css.write}
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) send.mutate();
          }}
        >
          <Textarea aria-label={s.quality.comment} placeholder={s.quality.comment} autosize minRows={1} maxLength={4000} value={text} onChange={(event) => setText(event.currentTarget.value)} />
          <Button type="submit" variant="default" loading={send.isPending} disabled={!text.trim()}>
            {s.quality.send}
          </Button>
        </form>
      )}
    </section>
  );
}
