/** The requests of the item pages. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";

export const SHOWS = ["all", "labeled", "unlabeled", "skipped", "flagged", "reserve"] as const;
export type Show = (typeof SHOWS)[number];

export interface Filter {
  show: string;
  label: string | null;
  search: string;
}

export function toShow(text: string): Show {
  return SHOWS.find((one) => one === text) ?? "all";
}

export const itemsQuery = (slug: string, filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ["items", slug, filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/projects/{slug}/items", {
          params: {
            path: { slug },
            query: { limit: 50, cursor: pageParam, show: toShow(filter.show), label: filter.label, search: filter.search || null },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? null,
  });

export const itemQuery = (slug: string, id: string) =>
  queryOptions({
    queryKey: ["item", slug, id],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/items/{item_id}", { params: { path: { slug, item_id: id } } })),
  });
