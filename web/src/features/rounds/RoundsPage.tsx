import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { useLive } from "@/api/projects";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Compare } from "./Compare";
import { Forks } from "./Forks";
import { NewRound } from "./NewRound";
import { Reminder } from "./Reminder";
import { ReportLink } from "./ReportLink";
import { RoundCard } from "./RoundCard";
import { roundsQuery } from "./requests";
import css from "./rounds.module.css";

const LIVE = ["rounds", "forks", "project", "progress", "design-review"] as const;

/** Rounds as experiments: what was expected, changed and seen; two beside each other; when to look at the design. */
export function RoundsPage({ slug }: { slug: string }) {
  const query = useInfiniteQuery(roundsQuery(slug));
  useLive(slug, LIVE);
  const list = query.data?.pages.flatMap((page) => page.items) ?? [];
  const actions = (
    <div className={css.buttons}>
      <NewRound slug={slug} />
      <ReportLink slug={slug} />
    </div>
  );
  return (
    <Page title={s.rounds.page} actions={actions}>
      <p className={css.intro}>{s.rounds.intro}</p>
      {query.error && <ErrorNotice error={asApiError(query.error)} />}
      {query.isPending && <p className="lw-quiet">{s.common.loading}</p>}
      <div className={css.page}>
        <Reminder slug={slug} />
        {list.length > 0 && <Forks slug={slug} />}
        {query.data && list.length === 0 && (
          <div className="lw-panel">
            <Empty title={s.rounds.empty}>{s.rounds.emptyText}</Empty>
          </div>
        )}
        {list.length > 0 && (
          <section aria-label={s.rounds.page}>
            <ol className={css.rounds} data-testid="rounds">
              {list.map((round) => (
                <RoundCard key={round.id} slug={slug} round={round} />
              ))}
            </ol>
            {query.hasNextPage && (
              <Button variant="subtle" size="compact-sm" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
                {s.common.more}
              </Button>
            )}
            <p className="lw-quiet lw-small">{s.rounds.verdictNote}</p>
          </section>
        )}
        {list.length > 0 && <Compare slug={slug} rounds={list} />}
      </div>
    </Page>
  );
}
