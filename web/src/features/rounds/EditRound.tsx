import { Button, Select, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { describeRound, type Round } from "./requests";
import css from "./rounds.module.css";

const texts = s.rounds;
const TEXTS = ["hypothesis", "change", "measure", "note"] as const;

/** What a lead says of a round, in place; an empty field shows the draft again. */
export function EditRound({ slug, round, onDone }: { slug: string; round: Round; onDone: () => void }) {
  const client = useQueryClient();
  const isDraft = (name: string) => round.drafted.includes(name);
  const [said, setSaid] = useState(() => Object.fromEntries(TEXTS.map((name) => [name, isDraft(name) ? "" : round[name]])) as Record<(typeof TEXTS)[number], string>);
  const [verdict, setVerdict] = useState<string>(isDraft("verdict") ? "" : round.verdict);
  const save = useMutation({
    mutationFn: () =>
      describeRound(slug, round.id, {
        ...Object.fromEntries(TEXTS.map((name) => [name, said[name].trim() || null])),
        verdict: (verdict || null) as Round["verdict"] | null,
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["rounds", slug] });
      onDone();
    },
  });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <p className="lw-quiet lw-small">{texts.editText}</p>
      {TEXTS.map((name, k) => (
        <Textarea key={name} label={texts.fields[name]} placeholder={isDraft(name) ? round[name] : undefined} autosize minRows={1} maxLength={2000} value={said[name]} onChange={(event) => setSaid({ ...said, [name]: event.currentTarget.value })} data-autofocus={k === 0 || undefined} autoFocus={k === 0} />
      ))}
      <Select label={texts.fields.verdict} allowDeselect={false} value={verdict} onChange={(value) => setVerdict(value ?? "")} data={[{ value: "", label: texts.verdictDraft }, ...Object.entries(texts.verdicts).map(([value, label]) => ({ value, label }))]} />
      {save.error && <ErrorNotice error={asApiError(save.error)} />}
      <div className={css.buttons}>
        <Button type="submit" size="compact-md" loading={save.isPending}>
          {texts.save}
        </Button>
        <Button size="compact-md" variant="default" onClick={onDone}>
          {texts.cancel}
        </Button>
      </div>
    </form>
  );
}
