import type { Running } from "@/api/types";
import { ago, words } from "@/ui/format";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { useNow } from "@/ui/useNow";
import css from "./progress.module.css";

/** What the worker does for this project, since when, and what failed. */
export function RunningNow({ running }: { running: Running }) {
  const now = useNow();
  const { state, step, since, error } = running;
  const detail = [
    step && (state === "running" || state === "failed") ? s.progress.step(words(step)) : "",
    running.shards && state === "running" ? s.progress.shards(running.shards.done, running.shards.of) : "",
    since && state !== "idle" ? s.progress.since(ago(since, now)) : "",
    running.n_labels !== null && running.n_labels !== undefined && state === "running" ? s.progress.onLabels(running.n_labels) : "",
  ].filter(Boolean);
  return (
    <div className={css.running} data-testid="running" data-state={state}>
      <p className={css.state}>
        <i data-state={state} /> <b>{s.progress.state[state]}</b>
        {detail.length > 0 && <span className="lw-quiet"> {detail.join(" · ")}</span>}
      </p>
      {state === "idle" && <p className="lw-quiet lw-small">{s.progress.idleText}</p>}
      {state === "waiting" && <p className="lw-quiet lw-small">{s.progress.waitingText}</p>}
      {state === "no-worker" && <Notice tone="warn">{s.progress.noWorkerText}</Notice>}
      {error && (
        <Notice tone="bad">
          <p>{error}</p>
          <p className="lw-small lw-quiet">{s.progress.failedText}</p>
        </Notice>
      )}
      <p className="lw-quiet lw-small">{running.last_published ? s.progress.published(ago(running.last_published, now)) : s.progress.unpublished}</p>
    </div>
  );
}
