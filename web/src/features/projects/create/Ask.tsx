import { Button, Select } from "@mantine/core";
import type { Preview } from "@/api/types";
import { Icon } from "@/ui/Icon";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./create.module.css";
import { addQuestion, changeQuestion, removeQuestion, type Form, type Problems } from "./model";
import { QuestionFields } from "./QuestionFields";
import type { QuestionForm, TaskName } from "./questions";

interface Props {
  form: Form;
  preview: Preview;
  problems: Problems;
  onForm: (form: Form) => void;
  /** The task of the first question decides how the file is read. */
  onFirstTask: (task: TaskName) => void;
  /** A further question gets its labels from a column of the file. */
  onColumn: (question: QuestionForm, column: string | null) => void;
}

const LABELS_ARE = ["training", "random", "gold"] as const;

/** What is asked about each item: one question, or several. */
export function Ask({ form, preview, problems, onForm, onFirstTask, onColumn }: Props) {
  const several = form.questions.length > 1;
  const labeled = Boolean(form.columns.label) || form.questions.some((question) => question.column !== null);
  return (
    <section className={`lw-panel ${css.fields}`}>
      <h2>{s.create.steps.ask}</h2>
      {form.questions.map((question, i) => (
        <QuestionFields
          key={question.key}
          number={i + 1}
          several={several}
          question={question}
          primary={question.key === form.primary}
          problems={problems.questions[question.key] ?? {}}
          columns={i === 0 ? [] : preview.all_columns}
          onChange={(part) => onForm(changeQuestion(form, question.key, part))}
          onTask={(task) => (i === 0 ? onFirstTask(task) : onForm(changeQuestion(form, question.key, { task, labels: [], column: null })))}
          onColumn={(column) => onColumn(question, column)}
          onPrimary={() => onForm({ ...form, primary: question.key })}
          onRemove={i === 0 ? undefined : () => onForm(removeQuestion(form, question.key))}
        />
      ))}
      <Button variant="default" size="compact-sm" className={css.add} leftSection={<Icon name="plus" />} onClick={() => onForm(addQuestion(form))} data-testid="add-question">
        {s.create.addQuestion}
      </Button>
      {labeled && (
        <>
          <Select
            label={s.create.labelsAre}
            allowDeselect={false}
            value={form.labelsAre ?? "training"}
            onChange={(value) => value && onForm({ ...form, labelsAre: value as NonNullable<Form["labelsAre"]> })}
            data={LABELS_ARE.map((value) => ({ value, label: s.create.labelsAreOptions[value] }))}
          />
          {form.labelsAre !== "training" && <Notice tone="warn">{s.create.labelsAreWarning}</Notice>}
        </>
      )}
    </section>
  );
}
