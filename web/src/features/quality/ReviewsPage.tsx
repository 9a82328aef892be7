import { Button, Loader, SegmentedControl, Select } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useActions } from "@/actions/useActions";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import { moment } from "@/ui/format";
import { Badge, Empty, ErrorNotice, Page, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./quality.module.css";
import { findReviews, reviewsQuery, type ReviewLine, type ReviewState } from "./requests";
import { ReviewPane } from "./ReviewPane";

const EMPTY: Record<ReviewState, string> = { open: s.quality.none, proposed: s.quality.noneProposed, decided: s.quality.noneDecided };

/** The queue of reviews on the left, the one that is looked at on the right. */
export function ReviewsPage({ slug }: { slug: string }) {
  const client = useQueryClient();
  const [state, setState] = useState<ReviewState>("open");
  const [cause, setCause] = useState<string | null>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const project = useQuery(projectQuery(slug)).data;
  const reviews = useInfiniteQuery(reviewsQuery(slug, state, cause));
  const first = reviews.data?.pages[0];
  const lines = reviews.data?.pages.flatMap((page) => page.items) ?? [];
  const at = Math.max(lines.findIndex((line) => line.id === picked), 0);
  const line = lines[at];
  const find = useMutation({ mutationFn: () => findReviews(slug), onSuccess: () => client.invalidateQueries({ queryKey: ["reviews", slug] }) });

  const step = (by: number) => {
    const next = lines[at + by];
    if (next) setPicked(next.id);
    return next !== undefined;
  };
  useActions(["review"], (id) => (id === "review.next" ? step(1) : id === "review.previous" ? step(-1) : false));

  /** What is decided leaves the list; the one after it is next. */
  const decided = () => {
    setPicked(lines[at + 1]?.id ?? lines[at - 1]?.id ?? null);
    void client.invalidateQueries({ queryKey: ["reviews", slug] });
    void client.invalidateQueries({ queryKey: ["project", slug] });
  };
  const opened = find.data ? Object.values(find.data.opened).reduce((sum, n) => sum + n, 0) : null;
  const causes = Object.keys(first?.causes ?? {});

  return (
    <Page
      title={s.quality.title}
      actions={
        project?.permissions.includes("review") && (
          <Button variant="default" loading={find.isPending} onClick={() => find.mutate()}>
            {s.quality.find}
          </Button>
        )
      }
    >
      {find.error && <ErrorNotice error={asApiError(find.error)} />}
      {opened !== null && <p role="status">{s.quality.found(opened)}</p>}
      <div className={css.bar}>
        <SegmentedControl
          value={state}
          onChange={(value) => {
            setState(value as ReviewState);
            setPicked(null);
          }}
          data={(["open", "proposed", "decided"] as const).map((value) => ({ value, label: `${s.quality.states[value]} ${first?.states[value] ?? 0}` }))}
        />
        <Select
          aria-label={s.quality.all}
          placeholder={s.quality.all}
          clearable
          value={cause}
          onChange={setCause}
          data={causes.map((value) => ({ value, label: `${s.quality.causes[value] ?? value} (${first?.causes[value]})` }))}
        />
      </div>
      {reviews.error && <ErrorNotice error={asApiError(reviews.error)} />}
      {reviews.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {first && lines.length === 0 && (
        <div className="lw-panel">
          <Empty title={EMPTY[state]}>{state === "open" ? s.quality.noneText : null}</Empty>
        </div>
      )}
      {line && project && (
        <div className={css.split}>
          <nav className={css.list} aria-label={s.quality.title}>
            {lines.map((one) => (
              <Line key={one.id} line={one} current={one.id === line.id} onPick={() => setPicked(one.id)} />
            ))}
            {reviews.hasNextPage && (
              <Button variant="subtle" loading={reviews.isFetchingNextPage} onClick={() => void reviews.fetchNextPage()}>
                {s.quality.more}
              </Button>
            )}
          </nav>
          <ReviewPane key={line.id} slug={slug} id={line.id} project={project} onDecided={decided} />
        </div>
      )}
    </Page>
  );
}

function Line({ line, current, onPick }: { line: ReviewLine; current: boolean; onPick: () => void }) {
  return (
    <button type="button" className={css.line} aria-current={current} onClick={onPick}>
      <span className={css.peek} dir="auto">
        <Peek preview={line.preview} />
      </span>
      <span className={css.of}>
        <Badge tone={line.cause === "appeal" ? "warn" : undefined}>{s.quality.causes[line.cause] ?? line.cause}</Badge>
        <span className="lw-quiet lw-small">{moment(line.opened_at)}</span>
      </span>
    </button>
  );
}
