/** The requests about the record. */
import { onSite } from "@/site/base";
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";
import type { AuditFilter } from "./filter";

export type AuditLog = components["schemas"]["AuditLog"];
export type AuditLine = components["schemas"]["AuditLine"];

export const auditQuery = (slug: string, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", slug, filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => data(api.GET("/api/v1/projects/{slug}/audit", { params: { path: { slug }, query: { ...filter, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor ?? null,
    placeholderData: keepPreviousData,
  });

/** Where the evidence package is downloaded. */
export const evidenceUrl = (slug: string) => onSite(`/api/v1/projects/${encodeURIComponent(slug)}/evidence`);
