import { Link } from "@tanstack/react-router";
import { useInfiniteQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { ReportLink } from "./ReportLink";
import { roundsQuery } from "./requests";
import css from "./rounds.module.css";

/** The newest round in two lines, for the page Progress, with a link to all of them. */
export function LatestRound({ slug }: { slug: string }) {
  const rounds = useInfiniteQuery(roundsQuery(slug));
  const round = rounds.data?.pages[0]?.items[0];
  return (
    <div className={css.latest}>
      <div className={css.head}>
        <h2>{s.rounds.latest}</h2>
        <span className={css.buttons}>
          <Link to="/p/$slug/rounds" params={{ slug }} className="lw-small" data-testid="to-rounds">
            {s.rounds.all}
          </Link>
          <ReportLink slug={slug} />
        </span>
      </div>
      {rounds.error && <ErrorNotice error={asApiError(rounds.error)} />}
      {round && (
        <p>
          <b dir="auto">
            {s.rounds.number(round.number)}: {round.hypothesis}
          </b>{" "}
          <span className="lw-quiet" dir="auto">{round.change}</span>{" "}
          <span className="lw-quiet lw-num">{s.rounds.planned(round.answers, round.planned)}</span>
        </p>
      )}
      {rounds.data && !round && <p className="lw-quiet lw-small">{s.rounds.emptyText}</p>}
    </div>
  );
}
