import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { s } from "@/ui/strings";
import css from "./label.module.css";

export type ReasonFor = "note" | "flag" | "skip";

interface Props {
  kind: ReasonFor;
  start: string;
  onDone: (text: string) => void;
  onCancel: () => void;
}

/** A few words to go with an answer, a skip or a flag. Enter takes it, Esc leaves. */
export function ReasonBox({ kind, start, onDone, onCancel }: Props) {
  const [text, setText] = useState(start);
  return (
    <form
      className={css.reason}
      onSubmit={(event) => {
        event.preventDefault();
        onDone(text);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <Textarea
        data-autofocus
        autoFocus
        data-testid={`reason-${kind}`}
        label={s.label.reason[kind].label}
        placeholder={s.label.reason[kind].placeholder}
        value={text}
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={5}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            onDone(text);
          }
        }}
      />
      <div className={css.reasonButtons}>
        <Button type="button" size="compact-md" variant="subtle" onClick={onCancel}>
          {s.common.cancel}
        </Button>
        <Button type="submit" size="compact-md">
          {s.label.reason[kind].done}
        </Button>
      </div>
    </form>
  );
}
