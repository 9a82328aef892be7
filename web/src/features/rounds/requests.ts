/** The requests of the page Rounds. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

type S = components["schemas"];
export type Round = S["Round"];
export type Said = S["SaidOfRound"];
export type RoundComparison = S["RoundComparison"];
export type DesignReview = S["DesignReview"];

const PROJECT = "/api/v1/projects/{slug}";

export const roundsQuery = (slug: string) =>
  infiniteQueryOptions({
    queryKey: ["rounds", slug],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => data(api.GET(`${PROJECT}/rounds`, { params: { path: { slug }, query: { limit: 20, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor ?? null,
  });

export const progressQuery = (slug: string) =>
  queryOptions({
    queryKey: ["progress", slug],
    queryFn: () => data(api.GET(`${PROJECT}/progress`, { params: { path: { slug } } })),
  });

export const reviewQuery = (slug: string) =>
  queryOptions({
    queryKey: ["design-review", slug],
    queryFn: () => data(api.GET(`${PROJECT}/design-review`, { params: { path: { slug } } })),
  });

export const compareRoundsQuery = (slug: string, first: string, second: string) =>
  queryOptions({
    queryKey: ["compare-rounds", slug, first, second],
    queryFn: () => data(api.GET(`${PROJECT}/rounds/compare`, { params: { path: { slug }, query: { first, second } } })),
  });

export const compareModelsQuery = (slug: string, first: number, second: number) =>
  queryOptions({
    queryKey: ["compare-models", slug, first, second],
    queryFn: () => data(api.GET(`${PROJECT}/models/compare`, { params: { path: { slug }, query: { first, second } } })),
  });

export function startRound(slug: string, body: { hypothesis: string; labels: number | null; strategy: string | null; settings_version: number | null }) {
  return data(api.POST(`${PROJECT}/rounds`, { params: { path: { slug } }, body }));
}

export function describeRound(slug: string, round_id: string, body: Said) {
  return data(api.PUT(`${PROJECT}/rounds/{round_id}`, { params: { path: { slug, round_id } }, body }));
}

export function recordReview(slug: string, note: string) {
  return data(api.POST(`${PROJECT}/design-review`, { params: { path: { slug } }, body: { note } }));
}
