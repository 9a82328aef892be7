import { Button, Loader, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import type { ItemSummary, Question } from "@/api/types";
import { classColor } from "@/ui/colors";
import { count } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Dot, Empty, ErrorNotice, Page, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./item.module.css";
import { itemsQuery, SHOWS, toShow, type Filter } from "./work";

interface Props {
  slug: string;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

export function ItemsPage({ slug, filter, onFilter }: Props) {
  const project = useQuery(projectQuery(slug));
  const items = useInfiniteQuery(itemsQuery(slug, filter));
  const [typed, setTyped] = useState(filter.search);
  const search = useDebouncedCallback((text: string) => onFilter({ ...filter, search: text }), 250);
  const question = project.data?.question;
  const list = items.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={s.records.title} actions={project.data && <span className="lw-quiet lw-num">{s.projects.items(count(project.data.counts.items))}</span>}>
      <div className={css.filters}>
        <TextInput
          className={css.search}
          leftSection={<Icon name="search" />}
          placeholder={s.records.search}
          aria-label={s.records.search}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            search(event.currentTarget.value);
          }}
        />
        <div className={css.shows}>
          <SegmentedControl
            size="sm"
            aria-label={s.records.title}
            value={toShow(filter.show)}
            onChange={(show) => onFilter({ ...filter, show })}
            data={SHOWS.map((value) => ({ value, label: s.records.show[value] }))}
          />
        </div>
        {question && question.labels.length > 0 && (
          <Select
            className={css.labelSelect}
            aria-label={s.records.label}
            placeholder={s.records.anyLabel}
            clearable
            searchable={question.labels.length > 10}
            value={filter.label}
            onChange={(label) => onFilter({ ...filter, label })}
            data={question.labels.map((one) => ({ value: one.id, label: one.name }))}
          />
        )}
      </div>
      {items.error && <ErrorNotice error={asApiError(items.error)} />}
      {items.isPending ? (
        <Loader size="sm" aria-label={s.common.loading} />
      ) : list.length === 0 ? (
        <Empty title={s.records.empty}>{s.records.emptyText}</Empty>
      ) : (
        <table className={css.table}>
          <thead>
            <tr>
              <th>{s.records.columns.item}</th>
              <th>{s.records.columns.label}</th>
              <th className={css.wide}>{s.records.columns.split}</th>
              <th className={css.right}>{s.records.columns.answers}</th>
            </tr>
          </thead>
          <tbody>
            {list.map((item) => (
              <Line key={item.id} slug={slug} item={item} question={question} />
            ))}
          </tbody>
        </table>
      )}
      {items.hasNextPage && (
        <Button mt="md" variant="default" loading={items.isFetchingNextPage} onClick={() => void items.fetchNextPage()}>
          {s.records.more}
        </Button>
      )}
    </Page>
  );
}

function Line({ slug, item, question }: { slug: string; item: ItemSummary; question: Question | undefined }) {
  const at = question?.labels.findIndex((label) => label.name === item.label || label.id === item.label) ?? -1;
  return (
    <tr>
      <td>
        <Link to="/p/$slug/items/$id" params={{ slug, id: item.id }} className={css.peek}>
          <Peek preview={item.preview} />
          <span className={`${css.key} lw-quiet lw-small`}>{item.key}</span>
        </Link>
      </td>
      <td dir="auto">
        {item.label === null ? (
          <span className="lw-quiet">–</span>
        ) : (
          <span className={css.labelCell}>
            {at >= 0 && <Dot color={classColor(at)} />}
            <span className="lw-clip">{question?.labels[at]?.name ?? item.label}</span>
          </span>
        )}
      </td>
      <td className={`${css.wide} lw-quiet`}>{item.split}</td>
      <td className={`${css.right} lw-num`}>{item.answers}</td>
    </tr>
  );
}
