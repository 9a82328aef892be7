import { Button, Checkbox, Textarea } from "@mantine/core";
import { useRef, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useActions } from "@/actions/useActions";
import { asApiError } from "@/api/error";
import type { Answer } from "@/api/types";
import { taskOf } from "@/tasks";
import { typeInto, walk } from "@/tasks/press";
import { ErrorNotice, KeyCap } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./calibration.module.css";
import { asBody, decide, useChange, type Session, type SessionItem } from "./requests";

interface Props {
  slug: string;
  session: Session;
  item: SessionItem;
  onDecided: () => void;
}

/** What the team agrees on, by keys too: digits choose, Enter decides. */
export function DecideForm({ slug, session, item, onDecided }: Props) {
  const { question, line, may_manage: leads } = session;
  const [label, setLabel] = useState<Answer | null>((item.decision?.answer as Answer | undefined) ?? null);
  const [reason, setReason] = useState(item.decision?.reason ?? "");
  const [gold, setGold] = useState(item.gold);
  const [example, setExample] = useState(item.example);
  const editor = useRef<HTMLDivElement>(null);
  const client = useQueryClient();
  const task = taskOf(question);
  const send = useChange<Answer>(slug, line.id, (answer) => decide(slug, line.id, item.place, { answer: asBody(answer), reason: reason.trim() || null, gold, example }));
  const problem = task.problem(label, question);
  const submit = () => {
    if (!label || problem || send.isPending) return;
    send.mutate(label, {
      onSuccess: () => {
        if (example) void client.invalidateQueries({ queryKey: ["project", slug] });
        onDecided();
      },
    });
  };
  useActions(["label"], (id) => {
    if (id === "choice.up" || id === "choice.down") return false; // these move between items
    if (id === "submit") submit();
    else {
      const press = task.press(id, question, label);
      if (press === null) return false;
      if ("label" in press) setLabel(press.label);
      else if ("focus" in press) walk(editor.current, press.focus);
      else typeInto(editor.current, press.type);
    }
    return true;
  });
  return (
    <div className={css.decide}>
      <h3>{s.calibration.ask}</h3>
      <div ref={editor} data-live="true">
        <task.Editor item={item.item} question={question} label={label} live onChange={(next) => setLabel(next)} />
      </div>
      <Textarea label={s.calibration.reason} autosize minRows={1} maxRows={6} maxLength={2000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      {leads && <Checkbox label={s.calibration.example} checked={example} onChange={(event) => setExample(event.currentTarget.checked)} />}
      <Checkbox label={s.calibration.gold} checked={gold} onChange={(event) => setGold(event.currentTarget.checked)} />
      {send.error && <ErrorNotice error={asApiError(send.error)} />}
      <div className={css.buttons}>
        <Button disabled={problem !== null} loading={send.isPending} rightSection={<KeyCap silent>⏎</KeyCap>} onClick={submit}>
          {item.decision ? s.calibration.decideAgain : s.calibration.decide}
        </Button>
      </div>
    </div>
  );
}
