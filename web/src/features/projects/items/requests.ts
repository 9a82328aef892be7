/** The requests of the item pages. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { Filter } from "./filter";

export const itemsQuery = (slug: string, filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ["items", slug, filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/projects/{slug}/items", {
          params: { path: { slug }, query: { ...filter, search: filter.search || null, limit: 50, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? null,
    placeholderData: keepPreviousData,
  });

/** How many items an area of the map has, whatever else the list is filtered by. */
export const areaQuery = (slug: string, area: string) =>
  queryOptions({
    queryKey: ["items", slug, "area", area],
    queryFn: async () => (await data(api.GET("/api/v1/projects/{slug}/items", { params: { path: { slug }, query: { area, limit: 1 } } }))).count,
  });

export const itemQuery = (slug: string, id: string) =>
  queryOptions({
    queryKey: ["item", slug, id],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/items/{item_id}", { params: { path: { slug, item_id: id } } })),
  });

export function exclude(slug: string, items: string[], reason: string) {
  return data(api.POST("/api/v1/projects/{slug}/items/exclude", { params: { path: { slug } }, body: { items, reason } }));
}

export function erase(slug: string, items: string[], reason: string) {
  return data(api.POST("/api/v1/projects/{slug}/items/erase", { params: { path: { slug } }, body: { items, reason } }));
}

export function include(slug: string, items: string[]) {
  return data(api.POST("/api/v1/projects/{slug}/items/include", { params: { path: { slug } }, body: { items } }));
}

export function replaceContent(slug: string, id: string, cells: Record<string, string | number | null>) {
  const path = { slug, item_id: id };
  return data(api.PUT("/api/v1/projects/{slug}/items/{item_id}/content", { params: { path }, body: { cells } }));
}
