import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import css from "./discussion.module.css";
import { moment } from "./format";
import { ErrorNotice, type ErrorLike } from "./parts";

interface Props {
  title: string;
  /** What the box for a new comment says. */
  write: string;
  send: string;
  comments: readonly { id: string; person: string; text: string; at: string }[];
  mayWrite: boolean;
  pending: boolean;
  error: ErrorLike | null;
  /** Call `done` once the comment is stored: the box is empty then. */
  onSend: (text: string, done: () => void) => void;
}

/** What people wrote about something, and a box to write more. */
export function Discussion({ title, write, send, comments, mayWrite, pending, error, onSend }: Props) {
  const [text, setText] = useState("");
  return (
    <section className="lw-panel">
      <h3>{title}</h3>
      <ul className={css.comments}>
        {comments.map((one) => (
          <li key={one.id}>
            <b>{one.person}</b> <span className="lw-quiet lw-small">{moment(one.at)}</span>
            <p dir="auto">{one.text}</p>
          </li>
        ))}
      </ul>
      {error && <ErrorNotice error={error} />}
      {mayWrite && (
        <form
          className={css.write}
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() && !pending) onSend(text, () => setText(""));
          }}
        >
          <Textarea aria-label={write} placeholder={write} autosize minRows={1} maxLength={4000} value={text} onChange={(event) => setText(event.currentTarget.value)} />
          <Button type="submit" variant="default" loading={pending} disabled={!text.trim()}>
            {send}
          </Button>
        </form>
      )}
    </section>
  );
}
