import { Button, Loader } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { projectQuery, useMayIn } from "@/api/projects";
import { count } from "@/ui/format";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import type { Filter } from "./filter";
import { Filters } from "./Filters";
import { ItemsTable } from "./ItemsTable";
import { itemsQuery } from "./requests";
import { SelectionBar } from "./SelectionBar";

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
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = items.data?.pages.flatMap((page) => page.items) ?? [];
  const matching = items.data?.pages[0]?.count ?? null;
  const question = project?.questions.find((one) => one.id === filter.question) ?? project?.question;
  const change = (next: Filter) => {
    setSelected(new Set());
    onFilter(next);
  };
  return (
    <Page title={s.records.title} actions={<span className="lw-quiet lw-num" data-testid="item-count">{matching === null ? "" : s.records.matching(count(matching))}</span>}>
      <Filters questions={project?.questions ?? []} question={question} filter={filter} onFilter={change} />
      {items.error && <ErrorNotice error={asApiError(items.error)} />}
      {items.isPending ? (
        <Loader size="sm" aria-label={s.common.loading} />
      ) : list.length === 0 ? (
        <Empty title={s.records.empty}>{s.records.emptyText}</Empty>
      ) : (
        <ItemsTable slug={slug} items={list} question={question} busy={items.isPlaceholderData} selected={selected} onSelect={may("project.manage") ? setSelected : undefined} />
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
