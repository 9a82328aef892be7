/** What can be done with chosen items, wherever they are chosen. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

export type Slice = components["schemas"]["Slice"];
export type SliceFilter = components["schemas"]["SliceFilter"];

export const slicesQuery = (slug: string) =>
  queryOptions({
    queryKey: ["slices", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/slices", { params: { path: { slug } } })),
  });

export function saveSlice(slug: string, name: string, what: { filter?: SliceFilter; items?: string[] }) {
  return data(api.POST("/api/v1/projects/{slug}/slices", { params: { path: { slug } }, body: { name, items: [], ...what } }));
}

export function pin(slug: string, items: string[]) {
  return data(api.POST("/api/v1/projects/{slug}/pins", { params: { path: { slug } }, body: { items, reason: "" } }));
}
