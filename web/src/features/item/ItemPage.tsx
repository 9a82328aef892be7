import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import type { ItemDetail } from "@/api/types";
import { ItemView } from "@/items";
import { classColor } from "@/ui/colors";
import { figure } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Badge, Dot, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Confidences } from "./Confidences";
import css from "./item.module.css";
import { Life } from "./Life";
import { itemQuery } from "./work";

export function ItemPage({ slug, id }: { slug: string; id: string }) {
  const detail = useQuery(itemQuery(slug, id));
  const project = useQuery(projectQuery(slug));
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
  const { item, label, label_confidence: confidence } = detail.data;
  const labels = project.data?.question.labels ?? [];
  const at = labels.findIndex((one) => one.name === label || one.id === label);
  return (
    <Page title={<span className={css.head}>{back}<span className="lw-clip" dir="auto">{item.key}</span></span>} actions={detail.data.split !== "pool" && <Badge tone="good">{detail.data.split}</Badge>}>
      <div className={css.grid}>
        <section className={css.view} data-kind={item.content.kind}>
          <ItemView item={item} />
        </section>
        <div className={css.side}>
          <section className="lw-panel">
            <h2>{s.records.current}</h2>
            <p className={css.current}>
              {at >= 0 && <Dot color={classColor(at)} />}
              <b dir="auto">{label === null ? s.records.none : (labels[at]?.name ?? label)}</b>
              {label !== null && confidence !== null && <span className="lw-quiet lw-num">{s.records.confidence(figure(confidence))}</span>}
            </p>
            <Facts detail={detail.data} slug={slug} />
          </section>
          <section className="lw-panel">
            <h2>{s.records.confidences}</h2>
            <Confidences points={detail.data.confidences} labels={labels} />
          </section>
        </div>
        <section className={`lw-panel ${css.life}`}>
          <h2>{s.records.history}</h2>
          <Life history={detail.data.history} />
        </section>
      </div>
    </Page>
  );
}

function Facts({ detail, slug }: { detail: ItemDetail; slug: string }) {
  const facts: [string, ReactNode][] = [
    [s.records.facts.source, detail.item.source],
    [s.records.facts.split, detail.split],
    [s.records.facts.batch, detail.batch],
    ...(detail.group === null ? [] : [[s.records.facts.group, detail.group] as [string, ReactNode]]),
    [s.records.facts.hash, <code key="hash" className={css.hash} title={detail.hash}>{detail.hash}</code>],
  ];
  if (detail.duplicates.length > 0) {
    const links = detail.duplicates.slice(0, 8).map((id) => (
      <Link key={id} to="/p/$slug/items/$id" params={{ slug, id }} className={css.duplicate}>
        {id}
      </Link>
    ));
    facts.push([s.records.facts.duplicates, links]);
  }
  return (
    <dl className={css.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="lw-clip" dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
