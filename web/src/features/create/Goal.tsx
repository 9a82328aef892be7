import { useQuery } from "@tanstack/react-query";
import { Collapse, NumberInput, Select, TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import css from "./create.module.css";
import { strategyChoices, toSlug, type Form } from "./model";
import { strategiesQuery } from "./work";

/** What it is for: the name, the goal, and what few people need to change. */
export function Goal({ form, onChange }: { form: Form; onChange: (part: Partial<Form>) => void }) {
  const [more, setMore] = useState(false);
  const known = useQuery(strategiesQuery).data?.items ?? [];
  const chosen = known.find((strategy) => strategy.name === form.strategy);
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
        <TextInput label={s.create.name} value={form.slug} error={/^[a-z0-9-]{1,64}$/.test(form.slug) ? undefined : "a-z 0-9 -"} onChange={(event) => onChange({ slug: event.currentTarget.value })} data-testid="slug" />
      </div>
      <TextInput label={s.create.goal} description={s.create.goalHint} placeholder={form.task === "regression" ? "mae=40" : "accuracy=0.92"} value={form.goal} onChange={(event) => onChange({ goal: event.currentTarget.value })} />
      <UnstyledButton className={css.more} onClick={() => setMore(!more)} aria-expanded={more}>
        <Icon name={more ? "down" : "right"} size={14} /> {s.create.advanced}
      </UnstyledButton>
      <Collapse expanded={more} transitionDuration={100}>
        <div className={css.pair}>
          <Select label={s.create.strategy} description={chosen?.idea} searchable allowDeselect={false} data={strategyChoices(known, form)} value={form.strategy} onChange={(strategy) => strategy && onChange({ strategy })} />
          <NumberInput label={s.create.batch} min={1} max={1000} value={form.batch} onChange={(n) => typeof n === "number" && onChange({ batch: n })} />
          <NumberInput label={s.create.overlap} min={1} max={20} value={form.overlap} onChange={(n) => typeof n === "number" && onChange({ overlap: n })} />
          {form.task === "classification" && form.labels.length === 2 && (
            <Select label={s.create.positive} clearable data={form.labels} value={form.positive} onChange={(positive) => onChange({ positive })} />
          )}
        </div>
      </Collapse>
    </section>
  );
}
