import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Ask } from "./Ask";
import css from "./calibration.module.css";
import { Interval } from "./Interval";
import { again, move, requireTraining, useChange, type Again, type Person, type Session } from "./requests";

type Step = "reveal" | "close" | "again";

/** Who has answered, and the lead's next steps. */
export function Lead({ slug, session }: { slug: string; session: Session }) {
  const { line, people, items } = session;
  const [step, setStep] = useState<Step | null>(null);
  const client = useQueryClient();
  const training = line.purpose === "training";
  const done = people.filter((one) => one.n_answered >= items.length).length;
  const change = useChange<"reveal" | "close">(slug, line.id, (to) => move(slug, line.id, to));
  const repeat = useMutation<Again>({
    mutationFn: () => again(slug, line.id, s.calibration.againTitle(line.title).slice(0, 200)),
    onSuccess: () => {
      setStep(null);
      void client.invalidateQueries({ queryKey: ["calibrations", slug] });
    },
  });
  const gate = useMutation({
    mutationFn: () => requireTraining(slug, line.required ? null : line.id),
    onSuccess: () => {
      for (const key of ["calibration", "calibrations", "checking", "project"]) void client.invalidateQueries({ queryKey: [key, slug] });
    },
  });
  const go = (to: "reveal" | "close") => change.mutate(to, { onSuccess: () => setStep(null) });
  const closing = training ? s.calibration.closeTraining : line.revealed ? s.calibration.closeText : s.calibration.closeOpenText;
  return (
    <section className={`lw-panel ${css.lead}`} aria-label={s.calibration.who} data-testid="lead">
      {!line.revealed && (
        <>
          <h2>{s.calibration.who}</h2>
          <p className="lw-quiet">{training ? s.calibration.whoTraining : s.calibration.whoText(done, people.length)}</p>
          <People people={people} n={items.length} training={training} />
        </>
      )}
      {training && line.state === "open" && <p className="lw-quiet">{line.required ? s.calibration.gateOn : s.calibration.gateText}</p>}
      {gate.error && <ErrorNotice error={asApiError(gate.error)} />}
      {repeat.data && (
        <Notice tone="warn" icon="check" action={<Link to="/p/$slug/calibrate/$id" params={{ slug, id: repeat.data.session }}>{s.calibration.toSession}</Link>}>
          {s.calibration.againFound(repeat.data.n_found, repeat.data.n_wanted)}
        </Notice>
      )}
      <div className={css.buttons}>
        {line.state === "open" && !training && <Button onClick={() => setStep("reveal")}>{s.calibration.reveal}</Button>}
        {line.state === "open" && training && (
          <Button variant={line.required ? "default" : "filled"} loading={gate.isPending} onClick={() => gate.mutate()}>
            {line.required ? s.calibration.gateOff : s.calibration.gate}
          </Button>
        )}
        {line.revealed && (
          <Button variant="default" onClick={() => setStep("again")}>
            {s.calibration.again}
          </Button>
        )}
        {line.state !== "closed" && (
          <Button variant="default" onClick={() => setStep("close")}>
            {s.calibration.close}
          </Button>
        )}
      </div>
      <Ask title={s.calibration.reveal} action={s.calibration.reveal} opened={step === "reveal"} busy={change.isPending} error={change.error} onClose={() => setStep(null)} onConfirm={() => go("reveal")}>
        {s.calibration.revealText(people.length - done)}
      </Ask>
      <Ask title={s.calibration.close} action={s.calibration.close} opened={step === "close"} busy={change.isPending} error={change.error} onClose={() => setStep(null)} onConfirm={() => go("close")}>
        {closing}
      </Ask>
      <Ask title={s.calibration.again} action={s.calibration.open} opened={step === "again"} busy={repeat.isPending} error={repeat.error} onClose={() => setStep(null)} onConfirm={() => repeat.mutate()}>
        {s.calibration.againText}
      </Ask>
    </section>
  );
}

function People({ people, n, training }: { people: readonly Person[]; n: number; training: boolean }) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">{s.calibration.person}</th>
          <th scope="col">{s.calibration.answered}</th>
          {training && <th scope="col">{s.calibration.rightShare}</th>}
        </tr>
      </thead>
      <tbody>
        {people.map((one) => (
          <tr key={one.id} data-testid="participant">
            <th scope="row">{one.name}</th>
            <td className="lw-num">
              {one.n_answered} / {n} {one.n_answered < n && <span className={css.missing}>{s.calibration.missing}</span>}
            </td>
            {training && (
              <td>
                {one.right ? <Interval figure={one.right} /> : "–"} {one.result?.finished && (one.result.passed ? s.calibration.passed : s.calibration.failed)}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
