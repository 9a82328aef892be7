/** The requests of the page Explore. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { asApiError, toApiError } from "@/api/error";
import type { components } from "@/api/schema";
import { onSite } from "@/site/base";
import { readColouring, readPositions } from "./binary";

type S = components["schemas"];
export type MapState = S["MapState"];
export type Selected = S["SelectedPoints"];
export type Near = S["Near"];

/** Items that are sent to be counted; more take long to read. */
export const MAX_SENT = 200_000;
const AGAIN_MS = 3000;
const NEAR = 50;

export const mapQuery = (slug: string) =>
  queryOptions({
    queryKey: ["explore", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/map/about", { params: { path: { slug } } })),
    refetchInterval: (query) => (query.state.data !== undefined && query.state.data.share >= 1 ? false : AGAIN_MS),
  });

export const positionsQuery = (slug: string, projection: "pca" | "neighbour", nPlaced: number) =>
  queryOptions({
    queryKey: ["explore-positions", slug, projection, nPlaced],
    queryFn: async () => {
      const response = await answer(slug, `map?projection=${projection}`);
      return { revision: (response.headers.get("ETag") ?? "").replaceAll(/^W\/|"/g, ""), places: readPositions(await response.arrayBuffer()) };
    },
    placeholderData: (before) => before,
    staleTime: Infinity,
  });

export const coloursQuery = (slug: string, by: string, nClustered: number) =>
  queryOptions({
    queryKey: ["explore-colours", slug, by, nClustered],
    queryFn: async () => readColouring(await (await answer(slug, `map/colours?by=${encodeURIComponent(by)}`)).arrayBuffer()),
    placeholderData: (before) => before,
  });

export const selectedQuery = (slug: string, ordinals: readonly number[]) =>
  queryOptions({
    queryKey: ["explore-selected", slug, keyOf(ordinals)],
    queryFn: () => data(api.POST("/api/v1/projects/{slug}/map/items", { params: { path: { slug } }, body: { ordinals: ordinals.slice(0, MAX_SENT) } })),
    enabled: ordinals.length > 0,
    placeholderData: (before) => (ordinals.length > 0 ? before : undefined),
  });

export function search(slug: string, words: string) {
  return data(api.GET("/api/v1/projects/{slug}/map/search", { params: { path: { slug }, query: { words } } }));
}

/** The items that are most like one, or like a text; the example itself comes first. */
export function like(slug: string, example: { item: string } | { text: string }) {
  return data(api.POST("/api/v1/projects/{slug}/map/example", { params: { path: { slug } }, body: { ...example, n: NEAR } }));
}

async function answer(slug: string, path: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(onSite(`/api/v1/projects/${slug}/${path}`));
  } catch (error) {
    throw asApiError(error);
  }
  if (!response.ok) throw toApiError(response.status, await response.json().catch(() => null));
  return response;
}

/** Short, and another for another selection. */
function keyOf(ordinals: readonly number[]): string {
  let hash = 7;
  for (const ordinal of ordinals) hash = (hash * 31 + ordinal) | 0;
  return `${ordinals.length}:${ordinals[0] ?? ""}:${ordinals[ordinals.length - 1] ?? ""}:${hash}`;
}
