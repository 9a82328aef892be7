import { Group, NumberInput, SegmentedControl, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./create.module.css";
import type { Form } from "./model";

interface Props {
  form: Form;
  onChange: (part: Partial<Form>) => void;
  onTask: (task: Form["task"]) => void;
}

const TASKS = ["classification", "multilabel", "regression"] as const;
const LABELS_ARE = ["training", "random", "gold"] as const;

/** What is asked: the kind of answer, the labels, the question and the rules. */
export function Ask({ form, onChange, onTask }: Props) {
  return (
    <section className={`lw-panel ${css.fields}`}>
      <h2>{s.create.steps.ask}</h2>
      <SegmentedControl
        aria-label={s.create.task}
        value={form.task}
        onChange={(task) => onTask(task as Form["task"])}
        data={TASKS.map((value) => ({ value, label: s.create.tasks[value] }))}
      />
      <TextInput label={s.create.question} description={s.create.questionHint} value={form.question} maxLength={200} onChange={(event) => onChange({ question: event.currentTarget.value })} data-testid="question" />
      {form.task === "regression" && (
        <Group grow align="flex-start">
          <NumberInput label={s.create.min} description={s.create.rangeHint} value={form.min ?? ""} onChange={(value) => onChange({ min: value === "" ? null : Number(value) })} />
          <NumberInput label={s.create.max} description={s.create.rangeHint} value={form.max ?? ""} onChange={(value) => onChange({ max: value === "" ? null : Number(value) })} />
          <TextInput label={s.create.unit} description={s.create.unitHint} value={form.unit} maxLength={40} onChange={(event) => onChange({ unit: event.currentTarget.value })} />
        </Group>
      )}
      {form.task !== "regression" && (
        <>
          <TagsInput
            label={s.create.labels}
            description={s.create.labelsHint}
            value={form.labels}
            onChange={(labels) => onChange({ labels })}
            splitChars={[",", ";", "\n"]}
            data-testid="labels"
            maxTags={1000}
          />
          <Switch label={s.create.open} checked={form.open} onChange={(event) => onChange({ open: event.currentTarget.checked })} />
        </>
      )}
      {form.columns.label && (
        <>
          <Select
            label={s.create.labelsAre}
            allowDeselect={false}
            value={form.labelsAre}
            onChange={(value) => value && onChange({ labelsAre: value as Form["labelsAre"] })}
            data={LABELS_ARE.map((value) => ({ value, label: s.create.labelsAreOptions[value] }))}
          />
          {form.labelsAre !== "training" && <Notice tone="warn">{s.create.labelsAreWarning}</Notice>}
        </>
      )}
      <Textarea label={s.create.guidelines} description={s.create.guidelinesHint} autosize minRows={4} maxRows={16} value={form.guidelines} onChange={(event) => onChange({ guidelines: event.currentTarget.value })} />
    </section>
  );
}
