import { Button, Fieldset, Modal, NumberInput, Select, Textarea } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { strategiesQuery } from "@/api/choices";
import { asApiError } from "@/api/error";
import { projectQuery, useMayIn } from "@/api/projects";
import { count, figure, words } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { proposalQuery, startFork, type ForkArm, type ForkList } from "./requests";
import css from "./rounds.module.css";

const LEAST = 5;

/** Begins a fork: two ways to choose, how many labels each gets, and what such a comparison could show. */
export function NewFork({ slug, page }: { slug: string; page: ForkList }) {
  const client = useQueryClient();
  const may = useMayIn(slug);
  const project = useQuery(projectQuery(slug)).data;
  const strategies = useQuery(strategiesQuery((project?.counts.source ?? 0) > 0)).data?.items ?? [];
  const [open, setOpen] = useState(false);
  const [hypothesis, setHypothesis] = useState("");
  const [perArm, setPerArm] = useState(page.per_arm);
  const [changed, setChanged] = useState<Partial<Record<"a" | "b", ForkArm>>>({});
  const proposal = useQuery({ ...proposalQuery(slug, perArm), enabled: open && perArm >= LEAST, placeholderData: keepPreviousData }).data;
  const now = String(project?.policy.strategy ?? "auto");
  const arms = { a: changed.a ?? { strategy: now, model: page.model, dial: null }, b: changed.b ?? { strategy: "random", model: page.model, dial: null } };
  const begin = useMutation({
    mutationFn: () => startFork(slug, { arms: [arms.a, arms.b], per_arm: perArm, hypothesis: hypothesis.trim() }),
    onSuccess: () => {
      setOpen(false);
      setHypothesis("");
    },
    onSettled: () => Promise.all(["forks", "project"].map((part) => client.invalidateQueries({ queryKey: [part, slug] }))),
  });
  if (!project || !may("project.manage") || project.state === "archived") return null;
  const fitting = strategies.filter((one) => one.tasks.includes(project.question.task)).map((one) => one.name);
  return (
    <>
      <Button variant="default" size="compact-sm" leftSection={<Icon name="plus" />} onClick={() => setOpen(true)} data-testid="new-fork">
        {s.forks.start}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} size="lg" title={s.forks.begin} closeButtonProps={{ "aria-label": s.common.close }} transitionProps={{ duration: 100 }}>
        <form
          className={css.stack}
          onSubmit={(event) => {
            event.preventDefault();
            begin.mutate();
          }}
        >
          <p className="lw-quiet lw-small">{s.forks.text}</p>
          <Textarea label={s.forks.hypothesis} placeholder={s.forks.hypothesisHint} autosize minRows={2} maxLength={2000} value={hypothesis} onChange={(event) => setHypothesis(event.currentTarget.value)} data-autofocus data-testid="fork-hypothesis" />
          <div className={css.arms}>
            {(["a", "b"] as const).map((key) => (
              <ArmFields key={key} name={s.forks.arms[key]} arm={arms[key]} strategies={fitting.includes(now) ? fitting : [now, ...fitting]} models={page.models} onChange={(arm) => setChanged({ ...changed, [key]: arm })} />
            ))}
          </div>
          <NumberInput label={s.forks.perArm} description={s.forks.perArmHelp} min={LEAST} max={100_000} allowDecimal={false} value={perArm} onChange={(value) => setPerArm(Number(value))} data-testid="per-arm" />
          <p className="lw-small" data-testid="fork-detectable" aria-live="polite">
            {proposal && (proposal.detectable === null ? s.forks.cannotSay : s.forks.could(words(proposal.metric), figure(proposal.detectable), count(proposal.n)))}
          </p>
          {begin.error && <ErrorNotice error={asApiError(begin.error)} />}
          <Button type="submit" loading={begin.isPending} data-testid="begin-fork">
            {s.rounds.begin}
          </Button>
        </form>
      </Modal>
    </>
  );
}

function ArmFields({ name, arm, strategies, models, onChange }: { name: string; arm: ForkArm; strategies: string[]; models: string[]; onChange: (arm: ForkArm) => void }) {
  const dialed = typeof arm.dial === "number";
  return (
    <Fieldset legend={name} className={css.stack}>
      <Select label={s.rounds.strategy} searchable allowDeselect={false} disabled={dialed} value={arm.strategy} onChange={(strategy) => strategy && onChange({ ...arm, strategy })} data={strategies} />
      <Select label={s.forks.model} allowDeselect={false} value={arm.model} onChange={(model) => model && onChange({ ...arm, model })} data={models} />
      <NumberInput label={s.forks.dial} description={s.forks.dialHelp} min={1} max={1000} allowDecimal={false} value={arm.dial ?? ""} onChange={(value) => onChange({ ...arm, dial: value === "" ? null : Number(value), strategy: value === "" ? arm.strategy : "margin-diversity" })} />
    </Fieldset>
  );
}
