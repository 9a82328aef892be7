import { Button, Group, NumberInput, Radio, SegmentedControl, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { s } from "@/ui/strings";
import css from "./create.module.css";
import { LONGEST_TEXT, type QuestionForm, type QuestionProblems, type TaskName } from "./questions";

interface Props {
  number: number;
  /** Whether there are others; a single question needs no name, no importance and no way out. */
  several: boolean;
  question: QuestionForm;
  primary: boolean;
  problems: QuestionProblems;
  /** Columns that may hold labels; none for the first question, whose column has a role. */
  columns: readonly string[];
  onChange: (part: Partial<QuestionForm>) => void;
  onTask: (task: TaskName) => void;
  onColumn: (column: string | null) => void;
  onPrimary: () => void;
  onRemove?: (() => void) | undefined;
}

const TASKS = ["classification", "multilabel", "regression"] as const;

/** One question: the kind of answer, the text, the labels or the range, and the guidelines. */
export function QuestionFields({ number, several, question, primary, problems, columns, onChange, onTask, onColumn, onPrimary, onRemove }: Props) {
  const regression = question.task === "regression";
  // A field that nobody has reached yet is not scolded for being empty; the side panel says what is missing.
  const [left, setLeft] = useState<readonly string[]>([]);
  const leave = (field: string) => () => setLeft((now) => [...now, field]);
  return (
    <fieldset className={several ? css.question : css.only} aria-label={several ? s.create.questionNumber(number) : undefined} data-testid={`question-${number}`}>
      {several && (
        <div className={css.questionHead}>
          <b>{s.create.questionNumber(number)}</b>
          <Radio size="sm" label={s.create.primary} checked={primary} onChange={onPrimary} />
          <Switch size="sm" label={s.create.required} checked={primary || question.required} disabled={primary} onChange={(event) => onChange({ required: event.currentTarget.checked })} />
          {onRemove && (
            <Button size="compact-sm" variant="subtle" color="red" onClick={onRemove}>
              {s.create.removeQuestion}
            </Button>
          )}
        </div>
      )}
      <SegmentedControl
        aria-label={s.create.task}
        value={question.task}
        onChange={(task) => onTask(task as TaskName)}
        data={TASKS.map((value) => ({ value, label: s.create.tasks[value] }))}
      />
      <TextInput
        label={s.create.question}
        description={s.create.questionHint}
        value={question.text}
        maxLength={LONGEST_TEXT}
        error={(left.includes("text") || question.text !== "") && problems.text}
        onBlur={leave("text")}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        data-testid={number === 1 ? "question" : undefined}
      />
      {columns.length > 0 && (
        <Select label={s.create.column} description={s.create.columnHint} placeholder={s.create.noColumn} clearable searchable={columns.length > 10} value={question.column} error={problems.column} onChange={onColumn} data={[...columns]} />
      )}
      {regression ? (
        <Group grow align="flex-start">
          <NumberInput label={s.create.min} description={s.create.rangeHint} value={question.min ?? ""} error={problems.range} onChange={(value) => onChange({ min: value === "" ? null : Number(value) })} />
          <NumberInput label={s.create.max} description={s.create.rangeHint} value={question.max ?? ""} onChange={(value) => onChange({ max: value === "" ? null : Number(value) })} />
          <TextInput label={s.create.unit} description={s.create.unitHint} value={question.unit} maxLength={40} onChange={(event) => onChange({ unit: event.currentTarget.value })} />
        </Group>
      ) : (
        <>
          <TagsInput
            label={s.create.labels}
            description={s.create.labelsHint}
            value={question.labels}
            error={(left.includes("labels") || question.labels.length > 0) && problems.labels}
            onBlur={leave("labels")}
            onChange={(labels) => onChange({ labels })}
            splitChars={[",", ";", "\n"]}
            data-testid={number === 1 ? "labels" : undefined}
            maxTags={1000}
          />
          <Switch label={s.create.open} checked={question.open} onChange={(event) => onChange({ open: event.currentTarget.checked })} />
        </>
      )}
      {several && question.task === "classification" && question.labels.length === 2 && (
        <Select label={s.create.positive} clearable data={question.labels} value={question.positive} onChange={(positive) => onChange({ positive })} />
      )}
      <Textarea
        label={s.create.guidelines}
        description={s.create.guidelinesHint}
        autosize
        minRows={several ? 2 : 4}
        maxRows={16}
        value={question.guidelines}
        error={problems.guidelines}
        onChange={(event) => onChange({ guidelines: event.currentTarget.value })}
      />
    </fieldset>
  );
}
