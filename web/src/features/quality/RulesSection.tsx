import { Button, Checkbox, NumberInput, Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { components } from "@/api/schema";
import type { ProjectDetail } from "@/api/types";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./quality.module.css";
import { changeChecking, checkingQuery } from "./requests";

type Checking = components["schemas"]["Checking"];
type Rules = components["schemas"]["QualityRules"];

const SWITCHES = ["conflicts", "strict", "feedback", "ask_back", "show_source", "pace_warning", "experts_relabel"] as const;
const percent = (share: number) => Math.round(1000 * share) / 10;

/** How many people answer an item, how they are checked, what is reviewed. */
export function RulesSection({ project }: { project: ProjectDetail }) {
  const { slug, questions } = project;
  const client = useQueryClient();
  const stored = useQuery(checkingQuery(slug));
  const [typed, setTyped] = useState<Checking | null>(null);
  const save = useMutation({
    mutationFn: (wanted: Checking) => changeChecking(slug, { ...wanted, settings_version: stored.data?.settings_version ?? null }),
    onSuccess: (now) => {
      client.setQueryData(["checking", slug], now);
      setTyped(null);
      void client.invalidateQueries({ queryKey: ["project", slug] });
    },
    onError: () => void client.invalidateQueries({ queryKey: ["checking", slug] }),
  });
  if (stored.error) return <ErrorNotice error={asApiError(stored.error)} />;
  if (!stored.data) return null;
  const form = typed ?? stored.data.checking;
  const change = (some: Partial<Checking>) => setTyped({ ...form, ...some });
  const rule = (some: Partial<Rules>) => change({ rules: { ...form.rules, ...some } });
  const ofKind = (kind: string, overlap: number | null) => {
    const others = Object.fromEntries(Object.entries(form.overlap_by_kind ?? {}).filter(([name]) => name !== kind));
    change({ overlap_by_kind: overlap === null ? others : { ...others, [kind]: overlap } });
  };
  const clean = JSON.stringify(form) === JSON.stringify(stored.data.checking);
  const texts = s.quality.rules;
  return (
    <div className={css.rules} data-testid="settings-quality">
      <div className={css.fields}>
        <NumberInput label={texts.overlap} description={texts.overlapText} min={1} max={100} allowDecimal={false} value={form.overlap} onChange={(value) => typeof value === "number" && change({ overlap: value })} />
        {(["random", "reserve"] as const).map((kind) => (
          <NumberInput key={kind} label={texts.overlapOf[kind]} placeholder={String(form.overlap)} min={1} max={100} allowDecimal={false} value={form.overlap_by_kind?.[kind] ?? ""} onChange={(value) => ofKind(kind, typeof value === "number" ? value : null)} />
        ))}
        {questions.map((question) => (
          <Select
            key={question.id}
            label={questions.length === 1 ? texts.resolver : texts.resolverOf(question.name)}
            description={texts.resolverText}
            allowDeselect={false}
            value={form.resolvers?.[question.id] ?? "majority"}
            onChange={(value) => value && change({ resolvers: { ...form.resolvers, [question.id]: value } })}
            data={(stored.data.resolvers_there_are[question.id] ?? []).map((value) => ({ value, label: texts.resolvers[value] ?? value }))}
          />
        ))}
        <NumberInput label={texts.gold} description={texts.goldText(stored.data.n_gold)} suffix=" %" min={0} max={50} value={percent(form.gold_share)} onChange={(value) => typeof value === "number" && change({ gold_share: value / 100 })} />
        <NumberInput label={texts.repeat} description={texts.repeatText} suffix=" %" min={0} max={50} value={percent(form.repeat_share)} onChange={(value) => typeof value === "number" && change({ repeat_share: value / 100 })} />
        <NumberInput label={texts.experts} description={texts.expertsText} suffix=" %" min={0} max={100} value={percent(form.expert_share ?? 0)} onChange={(value) => typeof value === "number" && change({ expert_share: value / 100 })} />
        <NumberInput label={texts.below} description={texts.belowText} placeholder={texts.belowNone} suffix=" %" min={0} max={100} value={form.rules.route_below == null ? "" : percent(form.rules.route_below)} onChange={(value) => rule({ route_below: typeof value === "number" ? value / 100 : null })} />
        <NumberInput label={texts.remind} description={texts.remindText} min={0} max={1000} allowDecimal={false} value={form.rules.remind_rounds ?? 5} onChange={(value) => typeof value === "number" && rule({ remind_rounds: value })} />
        <Select label={texts.costs} description={texts.costsText} allowDeselect={false} value={form.costs ?? "equal"} onChange={(value) => value && change({ costs: value as Checking["costs"] })} data={Object.entries(texts.costsOf).map(([value, label]) => ({ value, label }))} />
        <Select label={texts.review} description={texts.reviewText} allowDeselect={false} value={form.rules.review ?? "none"} onChange={(value) => value && rule({ review: value as Rules["review"] })} data={Object.entries(texts.reviews).map(([value, label]) => ({ value, label }))} />
        {form.rules.review === "sample" && (
          <NumberInput label={texts.share} suffix=" %" min={0} max={100} value={percent(form.rules.review_share ?? 0.1)} onChange={(value) => typeof value === "number" && rule({ review_share: value / 100 })} />
        )}
      </div>
      {SWITCHES.filter((name) => name !== "show_source" || project.counts.source > 0).map((name) => (
        <Checkbox key={name} label={texts.switches[name]} description={texts.switchTexts[name]} checked={form.rules[name] ?? false} onChange={(event) => rule({ [name]: event.currentTarget.checked })} />
      ))}
      {save.error && <ErrorNotice error={asApiError(save.error)} />}
      <div className={css.buttons}>
        <Button disabled={clean} loading={save.isPending} onClick={() => save.mutate(form)}>
          {s.settings.save}
        </Button>
        <span className="lw-quiet lw-small" role="status">
          {save.isSuccess && clean ? s.settings.saved : ""}
        </span>
      </div>
    </div>
  );
}
