import { onSite } from "@/site/base";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import type { ItemSummary } from "@/api/types";
import { count, figure } from "@/ui/format";
import { Badge, Empty, ErrorNotice, isPicture } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./explore.module.css";
import { MAX_SENT, selectedQuery, type Selected } from "./requests";

const texts = s.explore.cards;
const FIRST = 5;

interface Props {
  slug: string;
  ordinals: readonly number[];
  /** How far each is from an example, by the item's id; empty where there is none. */
  distances: ReadonlyMap<string, number>;
  onLike: (id: string) => void;
}

/** What is selected: how it is mixed, and the first items. */
export function Cards({ slug, ordinals, distances, onLike }: Props) {
  const query = useQuery(selectedQuery(slug, ordinals));
  if (ordinals.length === 0) return <Empty title={texts.nothing}>{texts.nothingText}</Empty>;
  if (query.error) return <ErrorNotice error={asApiError(query.error)} />;
  const found = query.data;
  if (!found) return <p className="lw-quiet lw-small">{s.common.loading}</p>;
  return (
    <div className={css.cards} data-busy={query.isPlaceholderData || undefined}>
      <Mix found={found} />
      {ordinals.length > MAX_SENT && <p className="lw-quiet lw-small">{texts.counted(MAX_SENT)}</p>}
      <ul data-testid="cards">
        {found.items.map((item) => (
          <Card key={item.id} slug={slug} item={item} distance={distances.get(item.id)} onLike={onLike} />
        ))}
      </ul>
      {found.items.length < ordinals.length && <p className="lw-quiet lw-small">{texts.firstOf(found.items.length, ordinals.length)}</p>}
    </div>
  );
}

function Mix({ found }: { found: Selected }) {
  const parts = (entries: Selected["labels"]) => {
    const shown = entries.slice(0, FIRST).map((one) => `${one.name ?? s.explore.legend.rest}: ${count(one.n)}`);
    return entries.length > FIRST ? [...shown, "…"].join(" · ") : shown.join(" · ");
  };
  return (
    <dl className={css.mix} data-testid="mix">
      <div>
        <dt>{texts.answered}</dt>
        <dd className="lw-num">{texts.answeredOf(found.n_answered, found.n)}</dd>
      </div>
      {found.labels.length > 0 && (
        <div>
          <dt>{texts.labels}</dt>
          <dd dir="auto">{parts(found.labels)}</dd>
        </div>
      )}
      {found.clusters.length > 0 && (
        <div>
          <dt>{texts.clusters}</dt>
          <dd dir="auto">{parts(found.clusters)}</dd>
        </div>
      )}
    </dl>
  );
}

function Card({ slug, item, distance, onLike }: { slug: string; item: ItemSummary; distance: number | undefined; onLike: (id: string) => void }) {
  return (
    <li className={css.card} data-testid="card">
      <Link to="/p/$slug/items/$id" params={{ slug, id: item.id }} className={css.content} aria-label={isPicture(item.preview) ? texts.open(item.key) : undefined}>
        <Content item={item} />
      </Link>
      <div className={css.facts}>
        <Said item={item} />
        {distance !== undefined && <span className="lw-quiet lw-small lw-num">{texts.distance(figure(distance))}</span>}
        <Button size="compact-xs" variant="subtle" onClick={() => onLike(item.id)} aria-label={texts.likeOf(item.key)}>
          {texts.like}
        </Button>
      </div>
    </li>
  );
}

export function Content({ item }: { item: ItemSummary }) {
  if (isPicture(item.preview)) return <img src={onSite(item.preview)} alt="" loading="lazy" />;
  return <span dir="auto">{item.preview}</span>;
}

/** Label and prediction; nothing of an item that waits for the caller's own answer. */
export function Said({ item }: { item: ItemSummary }) {
  if (item.hidden) return <span className="lw-quiet lw-small">{texts.hidden}</span>;
  return (
    <>
      {item.label !== null && <Badge tone="good">{item.label}</Badge>}
      {item.prediction && <span className="lw-quiet lw-small" dir="auto">{texts.predicted(item.prediction)}</span>}
      {item.label === null && !item.prediction && <span className="lw-quiet lw-small">{texts.unlabeled}</span>}
    </>
  );
}
