import { Button, Modal, NumberInput, Select, Textarea } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { strategiesQuery } from "@/api/choices";
import { asApiError } from "@/api/error";
import { projectQuery, useMayIn } from "@/api/projects";
import { figure } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./rounds.module.css";
import { roundsQuery, startRound } from "./requests";

/** Ends the running round and begins the next one. */
export function NewRound({ slug }: { slug: string }) {
  const client = useQueryClient();
  const may = useMayIn(slug);
  const project = useQuery(projectQuery(slug)).data;
  const strategies = useQuery(strategiesQuery((project?.counts.source ?? 0) > 0)).data?.items ?? [];
  const smallest = useInfiniteQuery(roundsQuery(slug)).data?.pages[0]?.detectable ?? null;
  const [open, setOpen] = useState(false);
  const [hypothesis, setHypothesis] = useState("");
  const [labels, setLabels] = useState<number | null>(null);
  const [strategy, setStrategy] = useState<string | null>(null);
  const begin = useMutation({
    mutationFn: () => startRound(slug, { hypothesis: hypothesis.trim(), labels, strategy, settings_version: project?.settings_version ?? null }),
    onSuccess: () => {
      setOpen(false);
      setHypothesis("");
    },
    onSettled: () => Promise.all(["rounds", "progress", "project", "design-review"].map((part) => client.invalidateQueries({ queryKey: [part, slug] }))),
  });
  if (!project || !may("project.manage") || project.state === "archived") return null;
  const fitting = strategies.filter((one) => one.tasks.includes(project.question.task)).map((one) => one.name);
  const now = String(project.policy.strategy);
  const chosen = strategy ?? now;
  return (
    <>
      <Button variant="default" size="compact-sm" leftSection={<Icon name="plus" />} onClick={() => setOpen(true)} data-testid="new-round">
        {s.rounds.start}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={s.rounds.title} closeButtonProps={{ "aria-label": s.common.close }} transitionProps={{ duration: 100 }}>
        <form
          className={css.stack}
          onSubmit={(event) => {
            event.preventDefault();
            begin.mutate();
          }}
        >
          <p className="lw-quiet lw-small">{s.rounds.text}</p>
          <Textarea label={s.rounds.hypothesis} placeholder={s.rounds.hypothesisHint} autosize minRows={2} maxLength={2000} value={hypothesis} onChange={(event) => setHypothesis(event.currentTarget.value)} data-autofocus data-testid="hypothesis" />
          <NumberInput label={s.rounds.labels} min={1} max={100_000} allowDecimal={false} placeholder={String(project.policy.batch_size)} value={labels ?? ""} onChange={(value) => setLabels(value === "" ? null : Number(value))} />
          <Select label={s.rounds.strategy} description={strategies.find((one) => one.name === chosen)?.idea} searchable allowDeselect={false} value={chosen} onChange={setStrategy} data={fitting.includes(now) ? fitting : [now, ...fitting]} />
          {smallest !== null && <p className="lw-quiet lw-small" data-testid="detectable">{s.rounds.detectable(figure(smallest))}</p>}
          {begin.error && <ErrorNotice error={asApiError(begin.error)} />}
          <Button type="submit" loading={begin.isPending}>
            {s.rounds.begin}
          </Button>
        </form>
      </Modal>
    </>
  );
}
