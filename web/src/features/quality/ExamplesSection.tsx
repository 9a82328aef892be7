import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { Answer, ProjectDetail, Question } from "@/api/types";
import { ErrorNotice, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import { ChangeCost } from "./ChangeCost";
import { pin, proposalsQuery, type Example } from "./guidelines";
import css from "./quality.module.css";

interface Pinned {
  item: string;
  answer: Answer;
  rule: string | null;
}

/** Examples that are pinned to the guidelines, those that the app proposes, and what a change of a rule costs. */
export function ExamplesSection({ project }: { project: ProjectDetail }) {
  const { questions } = project;
  const [id, setId] = useState(project.question.id);
  const question = questions.find((one) => one.id === id) ?? project.question;
  return (
    <div className={css.rules} data-testid="examples">
      {questions.length > 1 && <Select label={s.quality.examples.of} allowDeselect={false} value={id} onChange={(next) => next && setId(next)} data={questions.map((one) => ({ value: one.id, label: one.name }))} />}
      <Pins key={question.id} project={project} question={question} />
      {question.labels.length > 1 && <ChangeCost key={`${question.id}-cost`} slug={project.slug} question={question} />}
    </div>
  );
}

function Pins({ project, question }: { project: ProjectDetail; question: Question }) {
  const { slug } = project;
  const client = useQueryClient();
  const proposals = useQuery(proposalsQuery(slug, question.id));
  const examples = question.guidelines.examples ?? [];
  const now: Pinned[] = examples.map((one) => ({ item: one.item, answer: one.answer as unknown as Answer, rule: one.rule ?? null }));
  const change = useMutation({
    mutationFn: (next: readonly Pinned[]) => pin(slug, question, project.settings_version, next),
    onSettled: () => client.invalidateQueries({ queryKey: ["project", slug] }),
  });
  const pinned = new Set(examples.map((one) => one.item));
  const boundaries = (proposals.data?.items ?? []).filter((boundary) => boundary.items.some((one) => !pinned.has(one.item)));
  return (
    <>
      {change.error && <ErrorNotice error={asApiError(change.error)} />}
      {examples.length === 0 && <p className="lw-quiet">{s.quality.examples.none}</p>}
      <ul className={css.pins}>
        {examples.map((one) => (
          <Pin key={one.item} example={one} busy={change.isPending} onRemove={() => change.mutate(now.filter((other) => other.item !== one.item))} />
        ))}
      </ul>
      {boundaries.length > 0 && <h3>{s.quality.examples.proposed}</h3>}
      {boundaries.map((boundary) => (
        <section key={boundary.pair.join("|")} className={css.boundary}>
          <b dir="auto">{s.quality.examples.pair(boundary.pair[0] ?? "", boundary.pair[1] ?? "")}</b> <span className="lw-quiet lw-small">{s.quality.examples.split(boundary.n_items)}</span>
          <ul className={css.pins}>
            {boundary.items.filter((one) => !pinned.has(one.item)).map((one) => (
              <Proposed
                key={one.item}
                preview={one.preview}
                label={one.label}
                said={Object.entries(one.answers).map(([label, n]) => `${label} ${n}`).join(", ")}
                decided={one.decided}
                busy={change.isPending}
                onPin={(rule) => change.mutate([...now, { item: one.item, answer: one.answer as unknown as Answer, rule: rule.trim() || null }])}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Pin({ example, busy, onRemove }: { example: Example; busy: boolean; onRemove: () => void }) {
  const { content } = example.content;
  return (
    <li>
      <span className={css.peek} dir="auto">{content.media ? <Peek preview={content.media} /> : (content.text ?? example.content.key)}</span>
      <span dir="auto">
        <b>{example.label}</b> {example.rule}
      </span>
      <Button size="compact-sm" variant="default" disabled={busy} onClick={onRemove}>
        {s.quality.examples.unpin}
      </Button>
    </li>
  );
}

interface ProposedProps {
  preview: string;
  label: string;
  said: string;
  decided: boolean;
  busy: boolean;
  onPin: (rule: string) => void;
}

function Proposed({ preview, label, said, decided, busy, onPin }: ProposedProps) {
  const [rule, setRule] = useState("");
  return (
    <li>
      <span className={css.peek} dir="auto">
        <Peek preview={preview} />
      </span>
      <span>
        <b dir="auto">{label}</b> <span className="lw-quiet lw-small">{decided ? s.quality.examples.decided : s.quality.examples.said(said)}</span>
      </span>
      <TextInput size="xs" aria-label={s.quality.examples.rule} placeholder={s.quality.examples.rule} maxLength={2000} value={rule} onChange={(event) => setRule(event.currentTarget.value)} />
      <Button size="compact-sm" variant="default" disabled={busy} onClick={() => onPin(rule)}>
        {s.quality.examples.pin}
      </Button>
    </li>
  );
}
