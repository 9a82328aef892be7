import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import { ItemView } from "@/items";
import { Icon } from "@/ui/Icon";
import { Badge, ErrorNotice, Notice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Confidences } from "./Confidences";
import { Facts } from "./Facts";
import { ItemActions } from "./ItemActions";
import css from "./items.module.css";
import { Labels } from "./Labels";
import { Life } from "./Life";
import { itemQuery } from "./requests";

/** One item: what it shows, its labels, what the models thought, and its whole history. */
export function ItemPage({ slug, id }: { slug: string; id: string }) {
  const detail = useQuery(itemQuery(slug, id));
  const questions = useQuery(projectQuery(slug)).data?.questions ?? [];
  const back = (
    <Link to="/p/$slug/items" params={{ slug }} className={css.back}>
      <Icon name="left" size={14} /> {s.records.back}
    </Link>
  );
  if (detail.error) {
    return (
      <Page title={back}>
        <ErrorNotice error={asApiError(detail.error)} />
      </Page>
    );
  }
  if (!detail.data) return <Loader m="xl" size="sm" aria-label={s.common.loading} />;
  const { item, split, hidden, excluded } = detail.data;
  return (
    <Page
      title={
        <span className={css.head}>
          {back}
          <span className="lw-clip" dir="auto">{item.key}</span>
          {split === "reserve" && <Badge tone="good">{s.records.splits.reserve}</Badge>}
          {split === "source" && <Badge>{detail.data.source_label === null ? s.records.splits.source : s.records.sourceLabel(detail.data.source_label)}</Badge>}
          {detail.data.erased ? <Badge tone="warn">{s.records.erased}</Badge> : excluded && <Badge tone="warn">{s.records.excluded}</Badge>}
        </span>
      }
      actions={<ItemActions slug={slug} detail={detail.data} />}
    >
      {hidden && (
        <div className={css.note}>
          <Notice tone="warn">
            <b>{s.records.hiddenTitle}</b> {s.records.hiddenText}
          </Notice>
        </div>
      )}
      <div className={css.grid}>
        <section className={css.view} data-kind={item.content.kind}>
          {detail.data.erased ? <p className="lw-quiet">{s.records.erasedText}</p> : <ItemView item={item} />}
        </section>
        <div className={css.side}>
          <section className="lw-panel">
            <h2>{questions.length > 1 ? s.records.labels : s.records.current}</h2>
            {hidden ? <p className="lw-quiet lw-small">{s.records.leasedToYou}</p> : <Labels labels={detail.data.labels} questions={questions} />}
            <Facts detail={detail.data} slug={slug} />
          </section>
          {!hidden && (
            <section className="lw-panel">
              <h2>{s.records.confidences}</h2>
              <Confidences points={detail.data.confidences} questions={questions} />
            </section>
          )}
        </div>
        <section className={`lw-panel ${css.life}`}>
          <h2>{s.records.history}</h2>
          <Life history={detail.data.history} questions={questions} />
        </section>
      </div>
    </Page>
  );
}
