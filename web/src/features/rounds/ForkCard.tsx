import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { duration, figure, words } from "@/ui/format";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { plotOfFork } from "./curves";
import { endFork, type Fork } from "./requests";
import css from "./rounds.module.css";
import { TwoCurves } from "./TwoCurves";

/** One fork: its two arms beside each other, their curves, and what can be said of them. */
export function ForkCard({ slug, fork }: { slug: string; fork: Fork }) {
  const client = useQueryClient();
  const may = useMayIn(slug);
  const end = useMutation({
    mutationFn: () => endFork(slug, fork.id),
    onSettled: () => Promise.all(["forks", "project"].map((part) => client.invalidateQueries({ queryKey: [part, slug] }))),
  });
  const runs = fork.state === "running";
  const last = fork.points[fork.points.length - 1];
  return (
    <article className={css.fork} data-testid="fork">
      <div className={css.head}>
        <h3>
          {s.forks.number(fork.number)} <span className={css.when}>{runs ? s.rounds.running : s.forks.verdicts[fork.verdict]}</span>
        </h3>
        {runs && may("project.manage") && (
          <Button variant="default" size="compact-sm" loading={end.isPending} onClick={() => end.mutate()} data-testid="end-fork">
            {s.forks.end}
          </Button>
        )}
      </div>
      {fork.hypothesis && (
        <p>
          <b dir="auto">{fork.hypothesis}</b>
        </p>
      )}
      <p className={css.sentence} data-testid="fork-sentence">
        {fork.sentence}
      </p>
      {end.error && <ErrorNotice error={asApiError(end.error)} />}
      <div className={css.arms}>
        {fork.arms.map((arm, k) => {
          const estimate = k === 0 ? last?.a : last?.b;
          return (
            <div key={k} className={css.arm} data-arm={k === 0 ? "a" : "b"}>
              <b>{s.forks.arms[k === 0 ? "a" : "b"]}</b>
              <span dir="auto">{s.forks.how(arm.strategy, arm.model, arm.dial)}</span>
              <span className="lw-num">{s.rounds.planned(arm.answers, fork.per_arm)}</span>
              <span className={css.asked} aria-hidden>
                <i style={{ width: `${Math.min(100, (100 * arm.answers) / fork.per_arm)}%` }} />
              </span>
              <span className="lw-quiet lw-small lw-num">{duration(arm.seconds)}</span>
              {estimate && (
                <span className="lw-num">
                  {words(fork.metric)} {figure(estimate.value)} [{figure(estimate.low)}, {figure(estimate.high)}]
                </span>
              )}
            </div>
          );
        })}
      </div>
      {fork.points.length > 1 && (
        <details open={runs}>
          <summary className="lw-small">{s.forks.curves}</summary>
          <TwoCurves plot={plotOfFork(fork)} label={s.forks.chart(words(fork.metric))} name={`fork-${fork.number}`} />
        </details>
      )}
      <p className="lw-quiet lw-small">{fork.detectable === null ? s.forks.noDetectable : s.forks.detectable(figure(fork.detectable))}</p>
    </article>
  );
}
