import { Button, Slider } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./batch.module.css";
import { nearestStep, STEPS } from "./dial";
import { turnDial } from "./requests";

interface Props {
  slug: string;
  /** Candidates for each pick; null while another strategy chooses. */
  dial: number | null;
  strategy: string;
  onDone: () => void;
}

/** From doubt alone to diversity alone, in five steps. */
export function Dial({ slug, dial, strategy, onDone }: Props) {
  const now = dial === null ? null : nearestStep(dial);
  const [step, setStep] = useState(now ?? 2);
  const turn = useMutation({ mutationFn: () => turnDial(slug, STEPS[step] ?? 1), onSuccess: onDone });
  return (
    <section className="lw-panel" data-testid="dial">
      <h2>{s.batch.dial}</h2>
      <p className="lw-quiet lw-small">{now === null ? s.batch.dialOff(strategy) : s.batch.dialText}</p>
      <Slider thumbLabel={s.batch.dial} min={0} max={STEPS.length - 1} step={1} marks={STEPS.map((_, value) => ({ value }))} label={null} value={step} onChange={setStep} />
      <div className={css.dialRow}>
        <b>{s.batch.dialNames[step]}</b>
        <Button size="compact-sm" variant="default" disabled={step === now} loading={turn.isPending} onClick={() => turn.mutate()} data-testid="turn-dial">
          {s.batch.dialSet}
        </Button>
      </div>
      {turn.error && <ErrorNotice error={asApiError(turn.error)} />}
    </section>
  );
}
