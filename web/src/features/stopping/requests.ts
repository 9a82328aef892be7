/** The requests about stopping. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

export type Certificate = components["schemas"]["Certificate"];

export type Advice = components["schemas"]["Advice"];

export const adviceQuery = (slug: string) =>
  queryOptions({
    queryKey: ["advice", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/advice", { params: { path: { slug } } })),
  });

export const certificateQuery = (slug: string) =>
  queryOptions({
    queryKey: ["certificate", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/certificate", { params: { path: { slug } } })),
  });

export function askCertificate(slug: string, n: number) {
  return data(api.PUT("/api/v1/projects/{slug}/certificate", { params: { path: { slug } }, body: { n } }));
}

export function openCertificate(slug: string) {
  return data(api.POST("/api/v1/projects/{slug}/certificate/openings", { params: { path: { slug } } }));
}
