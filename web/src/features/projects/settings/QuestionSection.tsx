import { ActionIcon, Button, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ProjectDetail, Question } from "@/api/types";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import { LabelChanges } from "./LabelChanges";
import { LabelDialog, type Asked } from "./LabelDialog";
import { isChanged, move, problemOf, rowsOf, type LabelRow } from "./labels";
import { changeQuestion } from "./requests";
import { Section } from "./Section";
import css from "./settings.module.css";
import { useSaved } from "./useSaved";

interface Form {
  text: string;
  rows: LabelRow[];
  open: boolean;
}

const formOf = (question: Question): Form => ({ text: question.name, rows: rowsOf(question), open: question.open });

/** What is asked, and the labels to answer with. */
export function QuestionSection({ project, question, title }: { project: ProjectDetail; question: Question; title: string }) {
  const [typed, setTyped] = useState<Form | null>(null);
  const [added, setAdded] = useState("");
  const [asked, setAsked] = useState<Asked | null>(null);
  const form = typed ?? formOf(question);
  const labeled = question.task !== "regression";
  const saved = useSaved<Form>(project.slug, async ({ text, rows, open }) => {
    const labels = labeled ? rows.map(({ id, name }) => ({ id, name: name.trim() })) : null;
    await changeQuestion(project.slug, question.id, { text, labels, open_labels: labeled ? open : null, settings_version: project.settings_version });
    setTyped(null);
  });
  const change = (part: Partial<Form>) => setTyped({ ...form, ...part });
  const rename = (i: number, name: string) => change({ rows: form.rows.map((row, k) => (k === i ? { ...row, name } : row)) });
  const add = () => {
    if (added.trim() === "") return;
    change({ rows: [...form.rows, { id: null, name: added.trim(), key: `new-${Date.now()}` }] });
    setAdded("");
  };
  const clean = !isChanged(question, form.text, form.rows, form.open);
  const ask = (what: Asked["what"], row: LabelRow) => row.id !== null && setAsked({ what, label: { id: row.id, name: row.name } });
  const wrong = form.text.trim() === "" || form.rows.some((_, i) => problemOf(form.rows, i) !== null);
  return (
    <Section {...saved} title={title} clean={clean} blocked={wrong} onSave={() => saved.save(form)} testid={`settings-${question.id}`}>
      <TextInput label={s.settings.text} value={form.text} maxLength={200} onChange={(event) => change({ text: event.currentTarget.value })} />
      {labeled && (
        <>
          <div>
            <h3>{s.settings.labels}</h3>
            <p className="lw-quiet lw-small">{s.settings.labelsHint}</p>
          </div>
          <ol className={css.labels}>
            {form.rows.map((row, i) => (
              <li key={row.key}>
                <TextInput aria-label={s.settings.labelName(i + 1)} value={row.name} maxLength={200} error={problemOf(form.rows, i)} onChange={(event) => rename(i, event.currentTarget.value)} />
                <span className={css.labelButtons}>
                  <ActionIcon variant="subtle" color="gray" size="lg" disabled={i === 0} aria-label={s.settings.up(row.name)} onClick={() => change({ rows: move(form.rows, i, -1) })}>
                    <Icon name="up" />
                  </ActionIcon>
                  <ActionIcon variant="subtle" color="gray" size="lg" disabled={i === form.rows.length - 1} aria-label={s.settings.down(row.name)} onClick={() => change({ rows: move(form.rows, i, 1) })}>
                    <Icon name="down" />
                  </ActionIcon>
                  <ActionIcon variant="subtle" color="red" size="lg" aria-label={s.settings.remove(row.name)} onClick={() => change({ rows: form.rows.filter((_, k) => k !== i) })}>
                    <Icon name="close" />
                  </ActionIcon>
                </span>
                {row.id !== null && (
                  <span className={css.became} title={clean ? undefined : s.migrations.unsaved}>
                    <Button variant="subtle" size="compact-sm" disabled={!clean || form.rows.length < 2} aria-label={s.migrations.mergeOf(row.name)} onClick={() => ask("merge", row)} data-testid={`merge-${row.id}`}>
                      {s.migrations.merge}
                    </Button>
                    <Button variant="subtle" size="compact-sm" disabled={!clean} aria-label={s.migrations.splitOf(row.name)} onClick={() => ask("split", row)} data-testid={`split-${row.id}`}>
                      {s.migrations.split}
                    </Button>
                  </span>
                )}
              </li>
            ))}
          </ol>
          <form
            className={css.end}
            onSubmit={(event) => {
              event.preventDefault();
              add();
            }}
          >
            <TextInput aria-label={s.settings.newLabel} placeholder={s.settings.newLabel} value={added} maxLength={200} onChange={(event) => setAdded(event.currentTarget.value)} data-testid="new-label" />
            <Button type="submit" variant="default" disabled={added.trim() === ""}>
              {s.settings.add}
            </Button>
          </form>
          <Switch label={s.settings.open} checked={form.open} onChange={(event) => change({ open: event.currentTarget.checked })} />
          <LabelChanges slug={project.slug} question={question.id} />
          {asked && <LabelDialog key={`${asked.what}-${asked.label.id}`} slug={project.slug} question={question} asked={asked} onClose={() => setAsked(null)} />}
        </>
      )}
    </Section>
  );
}
