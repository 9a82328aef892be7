import { ActionIcon, Button, NumberInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { metricsQuery } from "@/api/choices";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import { slicesQuery } from "@/selection/requests";
import { words } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./plan.module.css";
import { setTargets, type LabelingPlan, type NewTarget } from "./requests";

const texts = s.plan;

interface Row {
  slice: string | null;
  metric: string | null;
  value: number | null;
  deadline: string;
}

/** Targets of slices as a form, which opens on demand. */
export function TargetForm({ slug, plan }: { slug: string; plan: LabelingPlan }) {
  const client = useQueryClient();
  const goal = plan.lines.find((line) => line.aim.slice === null)?.aim;
  const slices = useQuery(slicesQuery(slug)).data?.items ?? [];
  const task = useQuery(projectQuery(slug)).data?.question.task;
  const metrics = (useQuery(metricsQuery).data?.items ?? []).filter((one) => one.task === task);
  const [opened, setOpened] = useState(false);
  const [rows, setRows] = useState<Row[]>(() =>
    plan.lines.flatMap(({ aim }) => (aim.slice === null ? [] : [{ slice: aim.slice, metric: aim.metric, value: aim.value, deadline: aim.deadline ?? "" }])),
  );
  const [before, setBefore] = useState<number | null>(plan.before);
  const full = rows.flatMap((row): NewTarget[] => (row.slice !== null && row.metric !== null && row.value !== null ? [{ slice: row.slice, metric: row.metric, value: row.value, deadline: row.deadline || null }] : []));
  const save = useMutation({
    mutationFn: () => setTargets(slug, full, before),
    onSuccess: (now) => {
      client.setQueryData(["plan", slug], now);
      setOpened(false);
    },
  });
  if (!opened) {
    return (
      <Button mt="sm" size="compact-sm" variant="default" onClick={() => setOpened(true)} data-testid="edit-targets">
        {texts.edit}
      </Button>
    );
  }
  const change = (k: number, part: Partial<Row>) => setRows((now) => now.map((row, i) => (i === k ? { ...row, ...part } : row)));
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {slices.length === 0 && <p className="lw-quiet">{texts.noSlices}</p>}
      {rows.map((row, k) => (
        <div key={k} className={css.row}>
          <Select label={texts.slice} data={slices.map((one) => ({ value: one.id, label: one.name }))} value={row.slice} onChange={(slice) => change(k, { slice })} />
          <Select label={texts.metric} searchable data={metrics.map((one) => ({ value: one.name, label: words(one.name) }))} value={row.metric} onChange={(metric) => change(k, { metric })} />
          <NumberInput label={texts.value} step={0.01} decimalScale={4} value={row.value ?? ""} onChange={(value) => change(k, { value: typeof value === "number" ? value : null })} />
          <TextInput label={texts.until} type="date" value={row.deadline} onChange={(event) => change(k, { deadline: event.currentTarget.value })} />
          <ActionIcon variant="default" size={36} aria-label={texts.remove} title={texts.remove} onClick={() => setRows((now) => now.filter((_, i) => i !== k))}>
            <Icon name="close" />
          </ActionIcon>
        </div>
      ))}
      <Button type="button" size="compact-sm" variant="default" disabled={slices.length === 0} onClick={() => setRows((now) => [...now, { slice: null, metric: goal?.metric ?? null, value: goal?.value ?? null, deadline: "" }])} data-testid="add-target">
        {texts.add}
      </Button>
      <NumberInput className={css.before} label={texts.before} description={texts.beforeText} min={1} allowDecimal={false} value={before ?? ""} onChange={(value) => setBefore(typeof value === "number" ? value : null)} />
      {save.error && <ErrorNotice error={asApiError(save.error)} />}
      <div className={css.buttons}>
        <Button type="button" variant="default" onClick={() => setOpened(false)}>
          {s.common.cancel}
        </Button>
        <Button type="submit" loading={save.isPending} disabled={full.length < rows.length} data-testid="save-targets">
          {texts.save}
        </Button>
      </div>
    </form>
  );
}
