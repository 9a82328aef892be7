import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Compare } from "./Compare";
import { DEFAULTS, replays, toPlan } from "./model";
import css from "./planning.module.css";
import { startPlan } from "./requests";
import { NOTHING, SourcePick, type Picked } from "./SourcePick";

const texts = s.planning;

interface Props {
  /** The project whose labels are replayed; left out where the person chooses. */
  project?: { slug: string; task: string | null };
  onStarted: (id: string) => void;
}

/** What is replayed and compared, and the button that starts it. */
export function NewPlanForm({ project, onStarted }: Props) {
  const client = useQueryClient();
  const [form, setForm] = useState(DEFAULTS);
  const [chosen, setChosen] = useState<Picked>(project ? { source: { project: project.slug, columns: {} }, task: project.task, stop: null } : NOTHING);
  const body = toPlan(form, chosen.source);
  const n = replays(form);
  const start = useMutation({
    mutationFn: startPlan,
    onSuccess: (plan) => {
      client.setQueryData(["plan", plan.line.id], plan);
      void client.invalidateQueries({ queryKey: ["plans"] });
      onStarted(plan.line.id);
    },
  });
  return (
    <div className={css.main}>
      {!project && <SourcePick onPick={setChosen} />}
      <Compare form={form} task={chosen.task} onForm={setForm} />
      {start.error && <ErrorNotice error={asApiError(start.error)} />}
      <div className={css.actions}>
        <Button loading={start.isPending} disabled={body === null || chosen.stop !== null} onClick={() => body && start.mutate(body)} data-testid="start-plan">
          {texts.start}
        </Button>
        <span className="lw-quiet lw-small" role="status">
          {chosen.stop ?? (n === null ? texts.notNumbers : texts.replays(n))}
        </span>
      </div>
    </div>
  );
}
