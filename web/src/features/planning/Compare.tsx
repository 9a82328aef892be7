import { MultiSelect, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { strategiesQuery } from "@/api/choices";
import { s } from "@/ui/strings";
import { check, type PlanForm } from "./model";
import css from "./planning.module.css";
import { modelsQuery } from "./requests";

const texts = s.planning;
const asNumber = (value: string | number) => (typeof value === "number" ? value : null);

/** What is compared, and what an answer takes. */
export function Compare({ form, task, onForm }: { form: PlanForm; task: string | null; onForm: (form: PlanForm) => void }) {
  const strategies = useQuery(strategiesQuery(false)).data?.items ?? [];
  const models = useQuery(modelsQuery).data?.items ?? [];
  const fitting = strategies.filter((one) => task === null || (one.tasks as readonly string[]).includes(task)).map((one) => one.name);
  const checked = check(form);
  const set = (part: Partial<PlanForm>) => onForm({ ...form, ...part });
  const numbersError = (found: number[] | null) => (found === null ? texts.notNumbers : undefined);
  return (
    <section className="lw-panel">
      <h2>{texts.compare}</h2>
      <div className={css.fields}>
        <MultiSelect label={texts.strategies} description={texts.strategiesHelp} data={[...new Set([...form.strategies, ...fitting])]} value={form.strategies} onChange={(value) => set({ strategies: value })} searchable className={css.wide} />
        <MultiSelect label={texts.models} description={texts.modelsHelp} data={models} value={form.models} onChange={(value) => set({ models: value })} className={css.wide} />
        <TextInput label={texts.batches} description={texts.batchesHelp} value={form.batches} error={numbersError(checked.batches)} onChange={(event) => set({ batches: event.currentTarget.value })} />
        <TextInput label={texts.overlaps} description={texts.overlapsHelp} value={form.overlaps} error={numbersError(checked.overlaps)} onChange={(event) => set({ overlaps: event.currentTarget.value })} />
        <TextInput label={texts.errors} description={texts.errorsHelp} value={form.errors} error={numbersError(checked.errors)} onChange={(event) => set({ errors: event.currentTarget.value })} />
        <NumberInput label={texts.seeds} description={texts.seedsHelp} min={1} max={50} allowDecimal={false} value={form.seeds} onChange={(value) => set({ seeds: asNumber(value) ?? 5 })} />
        <NumberInput label={texts.target} description={texts.targetHelp} step={0.01} value={form.target ?? ""} onChange={(value) => set({ target: asNumber(value) })} />
        <NumberInput label={texts.budget} description={texts.budgetHelp} min={2} allowDecimal={false} value={form.budget ?? ""} onChange={(value) => set({ budget: asNumber(value) })} />
        <NumberInput label={texts.seconds} description={texts.priceHelp} min={0.1} value={form.seconds ?? ""} onChange={(value) => set({ seconds: asNumber(value) })} />
        <NumberInput label={texts.rate} description={texts.priceHelp} min={0} disabled={form.seconds === null} value={form.rate ?? ""} onChange={(value) => set({ rate: asNumber(value) })} />
      </div>
    </section>
  );
}
