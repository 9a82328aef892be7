/** The requests of the progress page. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

export type Control = components["schemas"]["Control"];
export type Encoder = components["schemas"]["Encoder"];
export type Encoders = components["schemas"]["Encoders"];
export type SourceOfLabels = components["schemas"]["SourceOfLabels"];
export type Mistakes = components["schemas"]["Mistakes"];

export const progressQuery = (slug: string) =>
  queryOptions({
    queryKey: ["progress", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/progress", { params: { path: { slug } } })),
  });

export const controlQuery = (slug: string) =>
  queryOptions({
    queryKey: ["control", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/control", { params: { path: { slug } } })),
  });

export const mistakesQuery = (slug: string) =>
  queryOptions({
    queryKey: ["mistakes", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/mistakes", { params: { path: { slug } } })),
  });

export const encodersQuery = (slug: string) =>
  queryOptions({
    queryKey: ["encoders", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/encoders", { params: { path: { slug } } })),
    refetchInterval: (query) => (query.state.data?.encoders.some((one) => one.n_encoded < (query.state.data?.n_items ?? 0)) ? 3000 : false),
  });

export function nameEncoders(slug: string, encoders: string[]) {
  return data(api.PUT("/api/v1/projects/{slug}/encoders", { params: { path: { slug } }, body: { encoders } }));
}

export function steer(slug: string, how: "pause" | "resume") {
  const params = { params: { path: { slug } } };
  return data(how === "pause" ? api.POST("/api/v1/projects/{slug}/pause", params) : api.POST("/api/v1/projects/{slug}/resume", params));
}

export function writeGuidelines(slug: string, body: { markdown: string; question: string; settings_version: number }) {
  return data(api.PUT("/api/v1/projects/{slug}/guidelines", { params: { path: { slug } }, body }));
}
