import { Button, Loader } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { projectQuery, useMayIn } from "@/api/projects";
import { SaveFilter } from "@/selection/SaveSlice";
import { slicesQuery } from "@/selection/requests";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { AreaChip } from "./AreaChip";
import { ALL_ITEMS, type Filter } from "./filter";
import { ColumnMenu } from "./ColumnMenu";
import { Filters } from "./Filters";
import css from "./items.module.css";
import { ItemsTable } from "./ItemsTable";
import { itemsQuery } from "./requests";
import { SelectionBar } from "./SelectionBar";
import { useColumns } from "./useColumns";

interface Props {
  slug: string;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

/** The items behind a figure: filtered, sorted, searched; a lead excludes and includes them. */
export function ItemsPage({ slug, filter, onFilter }: Props) {
  const may = useMayIn(slug);
  const project = useQuery(projectQuery(slug)).data;
  const items = useInfiniteQuery(itemsQuery(slug, filter));
  const slices = useQuery(slicesQuery(slug)).data?.items ?? [];
  const columns = useColumns();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = items.data?.pages.flatMap((page) => page.items) ?? [];
  const matching = items.data?.pages[0]?.count ?? null;
  const question = project?.questions.find((one) => one.id === filter.question) ?? project?.question;
  const isNarrow = Boolean(filter.search || filter.label || filter.slice || filter.area);
  const change = (next: Filter) => {
    setSelected(new Set());
    onFilter(next);
  };
  return (
    <Page title={s.records.title} actions={
        <span className={css.head}>
          <span className="lw-quiet lw-num" data-testid="item-count">{matching === null ? "" : s.records.matching(matching)}</span>
          {may("project.manage") && <SaveFilter slug={slug} filter={filter} />}
        </span>
      }
    >
      <Filters slices={slices} questions={project?.questions ?? []} question={question} filter={filter} onFilter={change}>
        <ColumnMenu shown={columns.shown} isChosen={columns.isChosen} onChoose={columns.choose} />
      </Filters>
      {filter.area !== null && <AreaChip slug={slug} area={filter.area} onRemove={() => change({ ...filter, area: null })} />}
      {items.error ? (
        <ErrorNotice
          error={asApiError(items.error)}
          action={
            <Button size="compact-sm" variant="default" loading={items.isFetching} onClick={() => void items.refetch()}>
              {s.common.retry}
            </Button>
          }
        />
      ) : items.isPending ? (
        <div className={css.loading}>
          <Loader size="sm" aria-label={s.common.loading} />
        </div>
      ) : list.length === 0 ? (
        <div className="lw-panel">
          <Empty
            title={s.records.empty[isNarrow ? "all" : filter.show]}
            action={
              <Button variant="default" onClick={() => change({ ...ALL_ITEMS, question: filter.question })}>
                {s.records.showAll}
              </Button>
            }
          >
            {isNarrow ? s.records.emptyText : s.records.emptyTexts[filter.show]}
          </Empty>
        </div>
      ) : (
        <ItemsTable slug={slug} items={list} question={question} columns={columns.shown} room={columns.room} busy={items.isPlaceholderData} selected={selected} onSelect={may("project.manage") ? setSelected : undefined} />
      )}
      {items.hasNextPage && (
        <Button mt="md" variant="default" loading={items.isFetchingNextPage} onClick={() => void items.fetchNextPage()}>
          {s.records.more}
        </Button>
      )}
      {selected.size > 0 && <SelectionBar slug={slug} items={list.filter((item) => selected.has(item.id))} onDone={() => setSelected(new Set())} />}
    </Page>
  );
}
