/** The requests about versions of labels and models. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

export type Version = components["schemas"]["Version"];
export type VersionDiff = components["schemas"]["VersionDiff"];
export type QuestionDiff = components["schemas"]["QuestionDiff"];
export type ChangedLabel = components["schemas"]["ChangedLabel"];
export type Model = components["schemas"]["Model"];
export type ChangeKind = ChangedLabel["kind"];

/** Two moments; the second one is now where it is null. */
export interface Moments {
  first: string;
  second: string | null;
}

const PAGE = 10;
const ROWS = 20;

export const versionsQuery = (slug: string) =>
  infiniteQueryOptions({
    queryKey: ["versions", slug],
    queryFn: ({ pageParam }) => data(api.GET("/api/v1/projects/{slug}/versions", { params: { path: { slug }, query: { cursor: pageParam, limit: PAGE } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const diffQuery = (slug: string, { first, second }: Moments) =>
  queryOptions({
    queryKey: ["diff", slug, first, second],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/diff", { params: { path: { slug }, query: { first, second } } })),
    retry: false,
  });

export const rowsQuery = (slug: string, { first, second }: Moments, question: string, kind: ChangeKind | null) =>
  infiniteQueryOptions({
    queryKey: ["diff-rows", slug, first, second, question, kind],
    queryFn: ({ pageParam }) =>
      data(api.GET("/api/v1/projects/{slug}/diff/rows", { params: { path: { slug }, query: { first, second, question, kind, cursor: pageParam, limit: ROWS } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: (before) => before,
  });

export const modelsQuery = (slug: string) =>
  infiniteQueryOptions({
    queryKey: ["models", slug],
    queryFn: ({ pageParam }) => data(api.GET("/api/v1/projects/{slug}/models", { params: { path: { slug }, query: { cursor: pageParam, limit: PAGE } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const cardQuery = (slug: string, model: string) =>
  queryOptions({
    queryKey: ["model-card", slug, model],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/models/{model_id}/card", { params: { path: { slug, model_id: model } }, parseAs: "text" })),
  });

export function nameSnapshot(slug: string, body: components["schemas"]["NewSnapshot"]) {
  return data(api.POST("/api/v1/projects/{slug}/snapshots", { params: { path: { slug } }, body }));
}

export function chooseModel(slug: string, body: components["schemas"]["ModelChoice"]) {
  return data(api.POST("/api/v1/projects/{slug}/models/choice", { params: { path: { slug } }, body }));
}
