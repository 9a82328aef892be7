import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ItemDetail } from "@/api/types";
import { s } from "@/ui/strings";
import css from "./items.module.css";

const DUPLICATES_SHOWN = 8;

/** Where the item comes from and what identifies it. */
export function Facts({ detail, slug }: { detail: ItemDetail; slug: string }) {
  const { facts: names } = s.records;
  const facts: [name: string, value: ReactNode][] = [
    [names.source, detail.item.source],
    [names.split, detail.split && s.records.splits[detail.split]],
    [names.batch, detail.batch],
    [names.group, detail.group],
    [names.time, detail.time],
    [names.domain, detail.domain],
    [names.licence, detail.licence],
    [names.consent, detail.consent],
    [names.version, detail.content_version > 1 ? detail.content_version : null],
    [names.hash, <code key="hash" className={css.hash} title={detail.hash}>{detail.hash}</code>],
    ...detail.learned.filter((one) => one.n_kept > 0).map((one): [string, ReactNode] => [s.records.learned, one.models[0] ? s.records.learnedOf(one.models.length, one.n_kept, one.models[0]) : s.records.learnedNone]),
    [
      names.duplicates,
      detail.duplicates.length === 0
        ? null
        : detail.duplicates.slice(0, DUPLICATES_SHOWN).map((id) => (
            <Link key={id} to="/p/$slug/items/$id" params={{ slug, id }} className={css.duplicate}>
              {id}
            </Link>
          )),
    ],
  ];
  return (
    <dl className={css.facts}>
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value], k) => (
          <div key={`${name}-${k}`}>
            <dt>{name}</dt>
            <dd className="lw-clip" dir="auto">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
