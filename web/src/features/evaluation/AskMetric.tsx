import { Button, NumberInput, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { metricName } from "./names";
import { measure, type Asked, type Evaluation, type MetricLine } from "./requests";
import css from "./evaluation.module.css";

const texts = s.evaluation.metrics;
const SHARES = ["recall", "precision", "level"] as const;

interface Props {
  slug: string;
  found: Evaluation;
  onMeasured: (text: string, line: MetricLine) => void;
}

/** Ask for a metric that needs a class, a share, a number of classes or costs. */
export function AskMetric({ slug, found, onMeasured }: Props) {
  const labels = Object.entries(found.labels).map(([value, label]) => ({ value, label }));
  const [name, setName] = useState<string | null>(null);
  const [label, setLabel] = useState(labels.at(-1)?.value ?? null);
  const [share, setShare] = useState(0.9);
  const [k, setK] = useState(2);
  const [costs, setCosts] = useState("");
  const takes = found.choices.find((one) => one.name === name)?.takes ?? [];
  const shareOf = SHARES.find((one) => takes.includes(one));

  const asked = useMutation({
    mutationFn: (base: string) => {
      const sent: Asked = { name: base };
      if (takes.includes("k")) sent.name = `${base}-${k}`;
      if (takes.includes("level")) sent.name = `${base}:${share}`;
      if (takes.includes("label") && label) sent.positive = label;
      if (takes.includes("recall")) sent.recall = share;
      if (takes.includes("precision")) sent.precision = share;
      if (takes.includes("costs")) sent.costs = costs;
      return measure(slug, found.question, sent);
    },
    onSuccess: (line) => {
      const details = [shareOf && shareOf !== "level" ? share : "", takes.includes("label") && label ? found.labels[label] : "", takes.includes("costs") ? costs : ""].filter((one) => one !== "");
      onMeasured(metricName(details.length > 0 ? `${line.name}:${details.join(":")}` : line.name), line);
    },
  });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name) asked.mutate(name);
      }}
    >
      <div className={css.fields}>
        <Select label={texts.ask} placeholder={texts.askText} value={name} onChange={setName} data={found.choices.map((one) => ({ value: one.name, label: metricName(one.name) }))} />
        {shareOf && <NumberInput label={texts.share[shareOf]} value={share} onChange={(value) => setShare(Number(value))} min={0.01} max={1} step={0.05} decimalScale={3} />}
        {takes.includes("label") && <Select label={texts.label} allowDeselect={false} value={label} onChange={setLabel} data={labels} />}
        {takes.includes("k") && <NumberInput label={texts.k} value={k} onChange={(value) => setK(Number(value))} min={1} max={labels.length} />}
        {takes.includes("costs") && <TextInput label={texts.costs} description={texts.costsText} value={costs} onChange={(event) => setCosts(event.currentTarget.value)} required />}
        {name && (
          <Button type="submit" variant="default" loading={asked.isPending}>
            {texts.measure}
          </Button>
        )}
      </div>
      {asked.error && <ErrorNotice error={asApiError(asked.error)} />}
    </form>
  );
}
