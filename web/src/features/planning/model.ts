/** The form of a plan, and its figures as words, rows and pictures. Pure. */
import type { NewPlan, Plan, PlanCurve, PlanFigure, SetUp } from "@/api/types";
import { count, figure } from "@/ui/format";
import { classColor } from "@/ui/colors";
import type { Row } from "@/ui/download";
import type { Plot } from "@/ui/plot";
import { s } from "@/ui/strings";

const texts = s.planning;

/** What is compared, as it is typed. */
export interface PlanForm {
  strategies: string[];
  models: string[];
  batches: string;
  overlaps: string;
  errors: string;
  seeds: number;
  target: number | null;
  budget: number | null;
  seconds: number | null;
  rate: number | null;
}

export const DEFAULTS: PlanForm = { strategies: ["auto", "margin"], models: [], batches: "", overlaps: "1", errors: "0", seeds: 5, target: null, budget: null, seconds: null, rate: null };

/** The numbers of a text such as "10, 50"; null where one is none, or is not between the limits. */
export function numbers(text: string, low: number, high: number): number[] | null {
  const parts = text.split(",").map((part) => part.trim()).filter((part) => part !== "");
  const found = parts.map(Number);
  return found.every((n) => Number.isFinite(n) && n >= low && n <= high) ? [...new Set(found)] : null;
}

export interface Checked {
  batches: number[] | null;
  overlaps: number[] | null;
  /** In per cent. */
  errors: number[] | null;
}

/** Null where a field cannot be read; a field that must not be empty counts as such. */
export function check(form: PlanForm): Checked {
  const whole = (found: number[] | null) => (found?.every(Number.isInteger) ? found : null);
  const some = (found: number[] | null) => (found?.length ? found : null);
  return { batches: whole(numbers(form.batches, 1, 1000)), overlaps: some(whole(numbers(form.overlaps, 1, 20))), errors: some(numbers(form.errors, 0, 90)) };
}

/** Null where the form is not complete. */
export function toPlan(form: PlanForm, source: NewPlan["source"]): NewPlan | null {
  const { batches, overlaps, errors } = check(form);
  if (!batches || !overlaps || !errors) return null;
  const strategies = form.strategies.includes("random") ? form.strategies : [...form.strategies, "random"];
  return {
    source,
    strategies,
    models: form.models,
    batch_sizes: batches,
    overlaps,
    errors: errors.map((error) => error / 100),
    seeds: form.seeds,
    budget: form.budget,
    target: form.target,
    seconds_per_label: form.seconds,
    rate: form.seconds === null ? null : form.rate,
  };
}

/** How many replays a form asks for; random is always among the strategies. */
export function replays(form: PlanForm): number | null {
  const { batches, overlaps, errors } = check(form);
  if (!batches || !overlaps || !errors) return null;
  const strategies = new Set([...form.strategies, "random"]).size;
  return strategies * Math.max(form.models.length, 1) * Math.max(batches.length, 1) * overlaps.length * errors.length * form.seeds;
}

export function keyOf(setup: SetUp): string {
  return `${setup.strategy}/${setup.model}/${setup.batch_size}/${setup.overlap}`;
}

/** A set-up in words; what all set-ups have in common is left out. */
export function nameOf(setup: SetUp, all: readonly SetUp[]): string {
  const differs = (value: (one: SetUp) => unknown) => new Set(all.map(value)).size > 1;
  const parts = [setup.strategy];
  if (differs((one) => one.model)) parts.push(setup.model);
  if (differs((one) => one.batch_size)) parts.push(texts.aRound(setup.batch_size));
  if (differs((one) => one.overlap)) parts.push(texts.people(setup.overlap));
  return parts.join(", ");
}

/** "410 [350, 480]"; an interval that is not known is left out, and one without an end says so. */
export function answersText(found: PlanFigure, reachedAll: boolean): string {
  if (found.value === null) return "–";
  if (!reachedAll) return `${texts.atLeast} ${count(Math.round(found.value))}`;
  return `${count(Math.round(found.value))}${found.low === null || found.high === null ? "" : ` [${count(Math.round(found.low))}, ${count(Math.round(found.high))}]`}`;
}

export function savingText(found: PlanFigure): string | null {
  const percent = (share: number) => String(Math.round(100 * share));
  if (found.value === null) return null;
  return `${percent(found.value)} %${found.low === null || found.high === null ? "" : ` [${percent(found.low)}, ${percent(found.high)}]`}`;
}

/** The curves to draw: of the proposal, the baseline, and those with the fewest answers, six at most. */
export function shownCurves(plan: Plan, error: number, most = 6): PlanCurve[] {
  const best = plan.proposals.find((one) => one.error === error);
  const first = [...(best ? [best.setup] : []), plan.baseline, ...plan.rows.filter((row) => row.error === error).map((row) => row.setup)];
  const keys = [...new Set(first.map(keyOf))].slice(0, most);
  return keys.flatMap((key) => plan.curves.find((curve) => curve.error === error && keyOf(curve.setup) === key) ?? []);
}

export function tableOf(plan: Plan): { columns: readonly string[]; rows: Row[] } {
  const rows = plan.rows.map(({ setup, answers, saving, ...row }): Row => ({
    strategy: setup.strategy, model: setup.model, batch_size: setup.batch_size, overlap: setup.overlap, annotator_error: row.error,
    n_seeds: row.n_seeds, n_reached: row.n_reached, answers: answers.value, answers_low: answers.low, answers_high: answers.high,
    saving: saving.value, saving_low: saving.low, saving_high: saving.high, hours: row.hours, cost: row.cost, value: row.value,
  }));
  return { columns: texts.file, rows };
}

/** What the y axis spans: curves, bands and target, and never beyond [0, 1] for shares. */
export function span(plot: Plot): [number, number] {
  const values = plot.series.flatMap((one) => one.points.map((point) => point.y));
  const all = [...values, ...plot.series.flatMap((one) => one.points.flatMap((point) => [point.low ?? point.y, point.high ?? point.y])), ...(plot.target ? [plot.target.value] : [])];
  if (values.length === 0) return [0, 1];
  const share = Math.min(...values) >= 0 && Math.max(...values) <= 1;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const air = (high - low || 1) * 0.04;
  return [share ? Math.max(0, low - air) : low - air, share ? Math.min(1, high + air) : high + air];
}

export function plotOf(plan: Plan, error: number): Plot {
  const curves = shownCurves(plan, error);
  const all = curves.map((curve) => curve.setup);
  const best = plan.proposals.find((one) => one.error === error);
  const banded = new Set([plan.baseline, ...(best ? [best.setup] : [])].map(keyOf));
  const series = curves.map((curve, k) => ({
    name: nameOf(curve.setup, all),
    color: classColor(k),
    points: curve.points.map((point) => ({ x: point.n_answers, y: point.value, ...(banded.has(keyOf(curve.setup)) && point.low !== null && point.high !== null ? { low: point.low, high: point.high } : {}) })),
    interval: "band" as const,
    dashed: keyOf(curve.setup) === keyOf(plan.baseline),
  }));
  const target = plan.target === null ? undefined : { value: plan.target, name: `${texts.targetLine} ${figure(plan.target)}` };
  return { x: texts.axis, y: plan.metric, series, target };
}
