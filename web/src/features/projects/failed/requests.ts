/** The request that takes a failed import off the list. */
import { api, data } from "@/api/client";

export function dismissImport(slug: string) {
  return data(api.DELETE("/api/v1/projects/{slug}/failed-import", { params: { path: { slug } } }));
}
