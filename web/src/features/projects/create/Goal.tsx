import { useQuery } from "@tanstack/react-query";
import { Collapse, NumberInput, Select, TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { strategiesQuery } from "@/api/choices";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import { GoalFields } from "../GoalFields";
import { SEARCH } from "../goal";
import css from "./create.module.css";
import { changeQuestion, mayStartFrom, primaryOf, strategyChoices, toSlug, type Form, type Problems } from "./model";
import { starts } from "./startFrom";

/** What it is for: the name, the goal, and what few people need to change. */
export function Goal({ form, problems, nItems, onForm }: { form: Form; problems: Problems; nItems: number | null; onForm: (form: Form) => void }) {
  const onChange = (part: Partial<Form>) => onForm({ ...form, ...part });
  const primary = primaryOf(form);
  const [more, setMore] = useState(false);
  const strategies = useQuery(strategiesQuery(mayStartFrom(form) && starts(form.startFrom))).data?.items ?? [];
  const strategy = strategies.find((one) => one.name === form.strategy);
  return (
    <section className={`lw-panel ${css.fields}`}>
      <h2>{s.create.steps.goal}</h2>
      <div className={css.pair}>
        <TextInput
          label={s.create.titleField}
          value={form.title}
          maxLength={200}
          onChange={(event) => {
            const title = event.currentTarget.value;
            onChange(toSlug(title) === "" ? { title } : { title, slug: toSlug(title) });
          }}
        />
        <TextInput label={s.create.name} value={form.slug} error={problems.slug} onChange={(event) => onChange({ slug: event.currentTarget.value })} data-testid="slug" />
      </div>
      <GoalFields form={form.goal} task={primary.task} problem={problems.goal} nItems={nItems} onChange={(goal) => onChange({ goal })} />
      {form.goal.metric === SEARCH && (
        <Select label={s.goal.positive} data={primary.labels} value={primary.positive} onChange={(positive) => onForm(changeQuestion(form, primary.key, { positive }))} data-testid="positive" />
      )}
      <UnstyledButton className={css.more} onClick={() => setMore(!more)} aria-expanded={more}>
        <Icon name={more ? "down" : "right"} size={14} /> {s.create.advanced}
      </UnstyledButton>
      <Collapse expanded={more} transitionDuration={100}>
        <div className={css.pair}>
          <Select label={s.create.strategy} description={strategy?.idea} searchable allowDeselect={false} data={strategyChoices(strategies, primary.task, form.strategy)} value={form.strategy} onChange={(name) => name && onChange({ strategy: name })} />
          <NumberInput label={s.create.batch} min={1} max={1000} value={form.batch} onChange={(n) => typeof n === "number" && onChange({ batch: n })} />
          <NumberInput label={s.create.overlap} min={1} max={20} value={form.overlap} onChange={(n) => typeof n === "number" && onChange({ overlap: n })} />
          <TextInput label={s.create.encoders} description={s.create.encodersHint} value={form.encoders} maxLength={2000} onChange={(event) => onChange({ encoders: event.currentTarget.value })} />
          {form.questions.length === 1 && primary.task === "classification" && primary.labels.length === 2 && (
            <Select label={s.create.positive} clearable data={primary.labels} value={primary.positive} onChange={(positive) => onForm(changeQuestion(form, primary.key, { positive }))} />
          )}
        </div>
      </Collapse>
    </section>
  );
}
