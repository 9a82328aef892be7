/** The requests of the page Rounds. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

type S = components["schemas"];
export type Round = S["Round"];
export type Said = S["SaidOfRound"];
export type RoundComparison = S["RoundComparison"];
export type DesignReview = S["DesignReview"];
export type Fork = S["Fork"];
export type ForkList = S["ForkList"];
export type ForkArm = S["NewForkArm"];

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

export const forksQuery = (slug: string) =>
  queryOptions({
    queryKey: ["forks", slug],
    queryFn: () => data(api.GET(`${PROJECT}/forks`, { params: { path: { slug } } })),
  });

export const proposalQuery = (slug: string, per_arm: number) =>
  queryOptions({
    queryKey: ["fork-proposal", slug, per_arm],
    queryFn: () => data(api.GET(`${PROJECT}/forks/proposal`, { params: { path: { slug }, query: { per_arm } } })),
  });

export function startFork(slug: string, body: S["NewFork"]) {
  return data(api.POST(`${PROJECT}/forks`, { params: { path: { slug } }, body }));
}

export function endFork(slug: string, fork_id: string) {
  return data(api.POST(`${PROJECT}/forks/{fork_id}/end`, { params: { path: { slug, fork_id } } }));
}

export function startRound(slug: string, body: { hypothesis: string; labels: number | null; strategy: string | null; settings_version: number | null }) {
  return data(api.POST(`${PROJECT}/rounds`, { params: { path: { slug } }, body }));
}

export function describeRound(slug: string, round_id: string, body: Said) {
  return data(api.PUT(`${PROJECT}/rounds/{round_id}`, { params: { path: { slug, round_id } }, body }));
}

export function recordReview(slug: string, note: string) {
  return data(api.POST(`${PROJECT}/design-review`, { params: { path: { slug } }, body: { note } }));
}
