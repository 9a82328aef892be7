/** The requests about imports. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { NewProject } from "@/api/types";

export const importsQuery = (slug: string) =>
  queryOptions({
    queryKey: ["imports", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/imports", { params: { path: { slug } } })),
  });

export function addItems(slug: string, upload: string) {
  return data(api.POST("/api/v1/projects/{slug}/items", { params: { path: { slug } }, body: { upload_id: upload } }));
}

export function addSource(slug: string, source: NonNullable<NewProject["start_from"]>) {
  return data(api.POST("/api/v1/projects/{slug}/items", { params: { path: { slug } }, body: { source } }));
}

export function undoImport(slug: string, id: string, reason: string) {
  const path = { slug, import_id: id };
  return data(api.POST("/api/v1/projects/{slug}/imports/{import_id}/undo", { params: { path }, body: { reason } }));
}
