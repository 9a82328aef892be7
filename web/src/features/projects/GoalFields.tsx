import { NumberInput, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { metricsQuery } from "@/api/choices";
import { count, words } from "@/ui/format";
import { s } from "@/ui/strings";
import css from "./goal.module.css";
import { metricsOf, type GoalForm } from "./goal";

interface Props {
  form: GoalForm;
  task: string;
  problem: string | null;
  onChange: (form: GoalForm) => void;
}

/** Metric, number, deadline and budget. */
export function GoalFields({ form, task, problem, onChange }: Props) {
  const metrics = metricsOf(useQuery(metricsQuery).data?.items ?? [], task);
  const metric = metrics.find((one) => one.name === form.metric) ?? metrics[0];
  return (
    <div className={css.goal}>
      <Select
        label={s.goal.metric}
        allowDeselect={false}
        value={metric?.name ?? null}
        onChange={(name) => onChange({ ...form, metric: name })}
        data={metrics.map((one) => ({ value: one.name, label: words(one.name) }))}
        data-testid="goal-metric"
      />
      <NumberInput
        label={metric && !metric.higher_is_better ? s.goal.atMost : s.goal.atLeast}
        placeholder={metric?.higher_is_better === false ? "0.3" : "0.92"}
        step={0.01}
        value={form.value ?? ""}
        error={problem}
        onChange={(value) => onChange({ ...form, value: value === "" ? null : Number(value) })}
        data-testid="goal-value"
      />
      <TextInput label={s.goal.deadline} type="date" value={form.deadline} onChange={(event) => onChange({ ...form, deadline: event.currentTarget.value })} data-testid="goal-deadline" />
      <NumberInput
        label={s.goal.budget}
        placeholder={count(500)}
        min={1}
        allowDecimal={false}
        thousandSeparator=" "
        value={form.budget ?? ""}
        onChange={(value) => onChange({ ...form, budget: value === "" ? null : Number(value) })}
        data-testid="goal-budget"
      />
      <p className="lw-quiet lw-small">{s.goal.hint}</p>
    </div>
  );
}
