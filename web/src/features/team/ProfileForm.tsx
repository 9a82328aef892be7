import { Button, Checkbox, NumberInput, TagsInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { describe, type Profile, type TeamPerson } from "./requests";
import css from "./team.module.css";

const texts = s.team.person;
const COLUMNS = ["domain", "source", "group"] as const;

/** What the lead says of a person: cost, expert, pause, items a day, what they may get, skills. */
export function ProfileForm({ slug, found }: { slug: string; found: TeamPerson }) {
  const client = useQueryClient();
  const may = useMayIn(slug)("project.manage");
  const stored: Profile = found.profile;
  const [typed, setTyped] = useState<Profile | null>(null);
  const save = useMutation({
    mutationFn: (wanted: Profile) => describe(slug, found.line.person_id, wanted),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["team-person", slug] });
      setTyped(null);
      void client.invalidateQueries({ queryKey: ["team", slug] });
    },
  });
  const form = typed ?? stored;
  const change = (some: Partial<Profile>) => setTyped({ ...form, ...some });
  const only = (column: string, values: string[]) => {
    const others = Object.fromEntries(Object.entries(form.only ?? {}).filter(([name]) => name !== column));
    change({ only: values.length === 0 ? others : { ...others, [column]: values } });
  };
  const skill = (label: string, percent: string | number) => {
    const others = Object.fromEntries(Object.entries(form.skills ?? {}).filter(([name]) => name !== label));
    change({ skills: typeof percent === "number" ? { ...others, [label]: percent / 100 } : others });
  };
  const clean = JSON.stringify(form) === JSON.stringify(stored);
  return (
    <section className="lw-panel" data-testid="profile">
      <h2>{texts.profile}</h2>
      {!may && <p className="lw-quiet lw-small">{texts.readOnly}</p>}
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(form);
        }}
      >
        <div className={css.fields}>
          <NumberInput label={texts.rate} description={texts.rateText} min={0} disabled={!may} value={form.rate ?? ""} onChange={(value) => change({ rate: typeof value === "number" ? value : null })} />
          <NumberInput label={texts.perDay} description={texts.perDayText} min={1} allowDecimal={false} disabled={!may} value={form.most_per_day ?? ""} onChange={(value) => change({ most_per_day: typeof value === "number" ? value : null })} />
          {COLUMNS.filter((column) => (found.values[column] ?? []).length > 0).map((column) => (
            <TagsInput key={column} label={texts.only[column]} description={texts.onlyText} disabled={!may} data={found.values[column]} value={form.only?.[column] ?? []} onChange={(values) => only(column, values)} />
          ))}
          {found.classes.map((one) => {
            const declared = form.skills?.[one.label];
            return <NumberInput key={one.label} label={texts.skill(one.name)} suffix=" %" min={0} max={100} disabled={!may} value={declared === undefined ? "" : Math.round(100 * declared)} onChange={(value) => skill(one.label, value)} />;
          })}
        </div>
        <Checkbox label={texts.expert} description={texts.expertText} disabled={!may} checked={form.expert ?? false} onChange={(event) => change({ expert: event.currentTarget.checked })} />
        <Checkbox label={texts.paused} description={texts.pausedText} disabled={!may} checked={form.paused ?? false} onChange={(event) => change({ paused: event.currentTarget.checked })} />
        <Checkbox label={texts.excused} description={texts.excusedText} disabled={!may} checked={form.excused ?? false} onChange={(event) => change({ excused: event.currentTarget.checked })} />
        {save.error && <ErrorNotice error={asApiError(save.error)} />}
        {may && (
          <div className={css.buttons}>
            <Button type="submit" disabled={clean} loading={save.isPending}>
              {s.common.save}
            </Button>
            <span className="lw-quiet lw-small" role="status">
              {save.isSuccess && clean ? texts.saved : ""}
            </span>
          </div>
        )}
      </form>
    </section>
  );
}
