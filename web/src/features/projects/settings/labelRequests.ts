/** The requests about merging and splitting labels. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

export type LabelPreview = components["schemas"]["LabelPreview"];
export type ChangeOfLabels = components["schemas"]["ChangeOfLabels"];

/** A merger names the label that stays, a split the names of the new ones. */
export type Wanted = { what: "merge"; label: string; into: string } | { what: "split"; label: string; into: string[] };

const of = (slug: string, question: string) => ({ path: { slug, question_id: question } });

export const changesQuery = (slug: string, question: string) =>
  queryOptions({
    queryKey: ["project", slug, "label-changes", question],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/questions/{question_id}/labels/changes", { params: of(slug, question) })),
  });

export function previewChange(slug: string, question: string, wanted: Wanted): Promise<LabelPreview> {
  const params = of(slug, question);
  return wanted.what === "merge"
    ? data(api.POST("/api/v1/projects/{slug}/questions/{question_id}/labels/merge/preview", { params, body: { label: wanted.label, into: wanted.into } }))
    : data(api.POST("/api/v1/projects/{slug}/questions/{question_id}/labels/split/preview", { params, body: { label: wanted.label, into: wanted.into } }));
}

export function makeChange(slug: string, question: string, wanted: Wanted, reason: string, seen: number) {
  const params = of(slug, question);
  const more = { reason, settings_version: seen };
  return wanted.what === "merge"
    ? data(api.POST("/api/v1/projects/{slug}/questions/{question_id}/labels/merge", { params, body: { label: wanted.label, into: wanted.into, ...more } }))
    : data(api.POST("/api/v1/projects/{slug}/questions/{question_id}/labels/split", { params, body: { label: wanted.label, into: wanted.into, ...more } }));
}

export function decideChange(slug: string, question: string, change: string, approve: boolean, reason: string) {
  const params = { path: { slug, question_id: question, change_id: change } };
  return approve
    ? data(api.POST("/api/v1/projects/{slug}/questions/{question_id}/labels/changes/{change_id}/approve", { params, body: { reason } }))
    : data(api.POST("/api/v1/projects/{slug}/questions/{question_id}/labels/changes/{change_id}/refuse", { params, body: { reason } }));
}
