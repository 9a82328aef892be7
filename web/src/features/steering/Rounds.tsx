import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { slotLook } from "@/api/slots";
import type { Round } from "@/api/types";
import { ago, count, duration } from "@/ui/format";
import { Badge, Dot, ErrorNotice, Figure } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./progress.module.css";
import { roundsQuery } from "./requests";

export function Rounds({ slug }: { slug: string }) {
  const rounds = useInfiniteQuery(roundsQuery(slug));
  if (rounds.error) return <ErrorNotice error={asApiError(rounds.error)} />;
  const list = rounds.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.length === 0) return <p className="lw-quiet lw-small">{rounds.isPending ? s.common.loading : s.progress.roundsEmpty}</p>;
  return (
    <>
      <ol className={css.rounds}>
        {list.map((round) => (
          <RoundLine key={round.id} round={round} />
        ))}
      </ol>
      {rounds.hasNextPage && (
        <Button variant="subtle" size="compact-sm" onClick={() => void rounds.fetchNextPage()} loading={rounds.isFetchingNextPage}>
          {s.common.more}
        </Button>
      )}
    </>
  );
}

function RoundLine({ round }: { round: Round }) {
  const share = Math.min(1, round.answers / Math.max(1, round.planned));
  return (
    <li>
      <span className={css.roundNumber}>{round.number}</span>
      <div className={css.roundWhat}>
        <b dir="auto">{round.hypothesis || round.strategy}</b>
        <span className="lw-quiet lw-small">
          {round.hypothesis ? `${round.strategy} · ` : ""}
          {ago(round.started_at)}
        </span>
      </div>
      <div className={css.roundAsked}>
        <span className={css.asked} title={s.progress.planned(round.answers, round.planned)}>
          <i style={{ width: `${share * 100}%` }} />
        </span>
        <span className="lw-quiet lw-small lw-num">
          {s.progress.planned(round.answers, round.planned)} · {duration(round.seconds)}
        </span>
        <span className={`${css.mix} lw-quiet lw-small lw-num`}>
          {Object.entries(round.asked).map(([kind, n]) => (
            <span key={kind}>
              <Dot color={slotLook(kind).color} /> {count(n)} {slotLook(kind).label}
            </span>
          ))}
        </span>
      </div>
      <div className={css.roundOutcome}>
        {round.after ? <Figure estimate={round.after} /> : <Badge tone="accent">{round.state}</Badge>}
        <span className="lw-small lw-quiet" dir="auto">{round.outcome}</span>
      </div>
    </li>
  );
}
