import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { ForkCard } from "./ForkCard";
import { NewFork } from "./NewFork";
import { forksQuery } from "./requests";
import css from "./rounds.module.css";

/** Two ways to choose, tried side by side from one labeled set: those that ran, the one that runs, a new one. */
export function Forks({ slug }: { slug: string }) {
  const query = useQuery(forksQuery(slug));
  const forks = query.data?.items ?? [];
  const runs = forks.some((fork) => fork.state === "running");
  return (
    <section className={`lw-panel ${css.compare}`} data-testid="forks">
      <div className={css.head}>
        <h2>{s.forks.title}</h2>
        {query.data && !runs && <NewFork slug={slug} page={query.data} />}
      </div>
      <p className="lw-quiet lw-small">{s.forks.intro}</p>
      {query.error && <ErrorNotice error={asApiError(query.error)} />}
      {query.isPending && <p className="lw-quiet">{s.common.loading}</p>}
      {forks.map((fork) => (
        <ForkCard key={fork.id} slug={slug} fork={fork} />
      ))}
    </section>
  );
}
