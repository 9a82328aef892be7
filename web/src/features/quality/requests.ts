/** The requests about reviews. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

export type ReviewState = "open" | "proposed" | "decided";
export type Review = components["schemas"]["Review"];
export type ReviewLine = components["schemas"]["ReviewLine"];
export type Decision = components["schemas"]["Decision"];

export const reviewsQuery = (slug: string, state: ReviewState, cause: string | null) =>
  infiniteQueryOptions({
    queryKey: ["reviews", slug, state, cause],
    queryFn: ({ pageParam }) =>
      data(api.GET("/api/v1/projects/{slug}/reviews", { params: { path: { slug }, query: { state, cause, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: (before) => before,
  });

export const reviewQuery = (slug: string, id: string) =>
  queryOptions({
    queryKey: ["review", slug, id],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/reviews/{review_id}", { params: { path: { slug, review_id: id } } })),
    retry: false,
  });

export function decide(slug: string, id: string, body: Decision) {
  return data(api.POST("/api/v1/projects/{slug}/reviews/{review_id}/decision", { params: { path: { slug, review_id: id } }, body }));
}

export function comment(slug: string, id: string, text: string) {
  return data(api.POST("/api/v1/projects/{slug}/reviews/{review_id}/comments", { params: { path: { slug, review_id: id } }, body: { text } }));
}

export function findReviews(slug: string) {
  return data(api.POST("/api/v1/projects/{slug}/reviews/find", { params: { path: { slug } } }));
}

export const checkingQuery = (slug: string) =>
  queryOptions({ queryKey: ["checking", slug], queryFn: () => data(api.GET("/api/v1/projects/{slug}/quality", { params: { path: { slug } } })) });

export function changeChecking(slug: string, body: components["schemas"]["ChangedChecking"]) {
  return data(api.PUT("/api/v1/projects/{slug}/quality", { params: { path: { slug } }, body }));
}
