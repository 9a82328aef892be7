import { NumberInput, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { certifiableQuery, metricsQuery } from "@/api/choices";
import { count, words } from "@/ui/format";
import { s } from "@/ui/strings";
import css from "./goal.module.css";
import { metricsOf, SEARCH, type GoalForm } from "./goal";

interface Props {
  form: GoalForm;
  task: string;
  problem: string | null;
  /** Of a project that is not made yet: what so many items can certify is shown. */
  nItems?: number | null;
  onChange: (form: GoalForm) => void;
}

/** Metric, number, deadline and budget. */
export function GoalFields({ form, task, problem, nItems = null, onChange }: Props) {
  const metrics = metricsOf(useQuery(metricsQuery).data?.items ?? [], task);
  const metric = metrics.find((one) => one.name === form.metric) ?? metrics[0];
  const value = form.value !== null && form.value > 0 && form.value < 1 && metric?.name === "accuracy" ? form.value : null;
  const certified = useQuery({ ...certifiableQuery(value ?? 0, nItems ?? 0, form.openings), enabled: value !== null && nItems !== null }).data;
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
      {form.value !== null && metric?.name === SEARCH && (
        <NumberInput label={s.goal.prevalence} description={s.goal.prevalenceText} suffix=" %" min={0} max={100} value={form.prevalence === null ? "" : 100 * form.prevalence} onChange={(value) => onChange({ ...form, prevalence: typeof value === "number" && value > 0 ? value / 100 : null })} />
      )}
      {metric?.name === SEARCH && <p className="lw-small">{s.goal.search}</p>}
      {form.value !== null && metric?.name !== SEARCH && (
        <>
          <NumberInput label={s.goal.pointValue} description={s.goal.pointValueText} min={0} value={form.pointValue ?? ""} onChange={(value) => onChange({ ...form, pointValue: Number(value) || null })} />
          <NumberInput label={s.goal.labelCost} description={s.goal.labelCostText} min={0} value={form.labelCost ?? ""} onChange={(value) => onChange({ ...form, labelCost: Number(value) || null })} />
          {metric?.name === "accuracy" && (
            <NumberInput label={s.goal.openings} description={s.goal.openingsText} min={1} max={20} allowDecimal={false} value={form.openings} onChange={(value) => onChange({ ...form, openings: typeof value === "number" ? value : 3 })} />
          )}
          {certified && <p className="lw-small" role="status">{certified.smallest_lead === null ? s.goal.certifiesNot : s.goal.certifies(certified.n_sealed, certified.smallest_lead)}</p>}
        </>
      )}
    </div>
  );
}
