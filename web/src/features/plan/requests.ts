/** The requests about the labeling plan. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

export type LabelingPlan = components["schemas"]["LabelingPlan"];
export type TargetLine = components["schemas"]["TargetLine"];
export type NewTarget = components["schemas"]["NewTarget"];

export const planQuery = (slug: string) =>
  queryOptions({
    queryKey: ["plan", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/plan", { params: { path: { slug } } })),
  });

export function setTargets(slug: string, targets: NewTarget[], before: number | null) {
  return data(api.PUT("/api/v1/projects/{slug}/targets", { params: { path: { slug } }, body: { targets, before } }));
}

export function setQuota(slug: string, column: string, value: string, share: number) {
  return data(api.PUT("/api/v1/projects/{slug}/quota", { params: { path: { slug } }, body: { column, value, share } }));
}
