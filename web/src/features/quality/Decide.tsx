import { Button, Checkbox, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useActions } from "@/actions/useActions";
import { asApiError } from "@/api/error";
import type { Answer, Question } from "@/api/types";
import { taskOf } from "@/tasks";
import { ErrorNotice, KeyCap, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./quality.module.css";
import { decide, type Decision, type Review } from "./requests";

interface Props {
  slug: string;
  review: Review;
  question: Question;
  onDecided: () => void;
}

/** The decision, by keys too: digits choose, Enter decides, k keeps, b sends back. */
export function Decide({ slug, review, question, onDecided }: Props) {
  const [label, setLabel] = useState<Answer | null>((review.proposed as Answer | null) ?? null);
  const [reason, setReason] = useState("");
  const [gold, setGold] = useState(false);
  const client = useQueryClient();
  const task = taskOf(question);
  const send = useMutation({
    mutationFn: (outcome: Decision["outcome"]) =>
      decide(slug, review.line.id, {
        outcome, reason: reason.trim() || null, answer: outcome === "label" ? (label as Record<string, never> | null) : null,
        gold: gold && outcome === "label",
      }),
    onSuccess: (now) => {
      client.setQueryData(["review", slug, review.line.id], now);
      onDecided();
    },
  });
  const proposed = review.line.state === "proposed";
  const missing = review.strict && !reason.trim();
  const problem = task.problem(label, question);
  const may = review.may_decide && !send.isPending;

  useActions(["label", "review"], (id) => {
    if (!may) return false;
    if (id === "submit" && !problem && !missing) send.mutate("label");
    else if (id === "review.keep" && !proposed) send.mutate("keep");
    else if (id === "review.back" && !proposed && !missing) send.mutate("send-back");
    else {
      const press = task.press(id, question, label);
      if (!press || !("label" in press)) return false;
      setLabel(press.label);
    }
    return true;
  });

  if (review.line.state === "decided") return null;
  if (!review.may_decide) return <Notice tone="warn">{review.may_not}</Notice>;
  const action = !review.strict ? s.quality.decide : proposed && JSON.stringify(label) === JSON.stringify(review.proposed) ? s.quality.approve : s.quality.propose;
  return (
    <section className={`lw-panel ${css.decide}`} aria-label={s.quality.decision}>
      {proposed && review.proposed_label && <p dir="auto">{s.quality.proposed(review.proposed_label, review.proposed_by ?? "")} {review.reason && <q>{review.reason}</q>}</p>}
      <h3>{s.quality.decision}</h3>
      <task.Editor item={review.item} question={question} label={label} live onChange={(next) => setLabel(next)} />
      <Textarea label={review.strict ? s.quality.reasonNeeded : s.quality.reason} autosize minRows={1} maxLength={2000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      <Checkbox label={s.quality.gold} checked={gold} onChange={(event) => setGold(event.currentTarget.checked)} />
      {send.error && <ErrorNotice error={asApiError(send.error)} />}
      <div className={css.buttons}>
        <Button disabled={!may || problem !== null || missing} loading={send.isPending} rightSection={<KeyCap>⏎</KeyCap>} onClick={() => send.mutate("label")}>
          {action}
        </Button>
        {proposed ? (
          <Button variant="default" disabled={!may || missing} onClick={() => send.mutate("refused")}>
            {s.quality.refuse}
          </Button>
        ) : (
          <>
            <Button variant="default" disabled={!may} rightSection={<KeyCap>k</KeyCap>} onClick={() => send.mutate("keep")}>
              {s.quality.keep}
            </Button>
            <Button variant="default" disabled={!may || missing} rightSection={<KeyCap>b</KeyCap>} onClick={() => send.mutate("send-back")}>
              {s.quality.back}
            </Button>
          </>
        )}
      </div>
      {review.strict && <p className="lw-quiet lw-small">{s.quality.strict}</p>}
    </section>
  );
}
