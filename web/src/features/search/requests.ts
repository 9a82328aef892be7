/** The requests about searches. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

export type Search = components["schemas"]["Search"];
export type SearchLook = components["schemas"]["SearchLook"];

export const searchQuery = (slug: string) =>
  queryOptions({
    queryKey: ["search", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/search", { params: { path: { slug } } })),
  });

export const reportQuery = (slug: string) =>
  queryOptions({
    queryKey: ["search-report", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/search/report", { params: { path: { slug } } })),
  });

export function sampleRest(slug: string, n: number) {
  return data(api.POST("/api/v1/projects/{slug}/search/samples", { params: { path: { slug } }, body: { n } }));
}

export function sign(slug: string, statement: string) {
  return data(api.POST("/api/v1/projects/{slug}/search/signatures", { params: { path: { slug } }, body: { statement } }));
}
