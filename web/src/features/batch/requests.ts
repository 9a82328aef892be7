/** The requests about the next batch. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

export type Batch = components["schemas"]["Batch"];
export type BatchItem = components["schemas"]["BatchItem"];

export const batchQuery = (slug: string, n: number) =>
  queryOptions({
    queryKey: ["batch", slug, n],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/batch", { params: { path: { slug }, query: { n } } })),
  });

export function approve(slug: string, ranking: string, items: string[], dropped: string[]) {
  return data(api.POST("/api/v1/projects/{slug}/batch/approve", { params: { path: { slug } }, body: { ranking, items, dropped } }));
}

export function requireApproval(slug: string, required: boolean) {
  return data(api.PUT("/api/v1/projects/{slug}/batch/approval", { params: { path: { slug } }, body: { required } }));
}

export function turnDial(slug: string, candidates: number) {
  return data(api.PUT("/api/v1/projects/{slug}/dial", { params: { path: { slug } }, body: { candidates } }));
}
