/** The requests of the create page. */
import { api, data } from "@/api/client";
import type { Columns, NewProject, Preview } from "@/api/types";

export function previewUpload(upload: string, columns: Columns, task: NewProject["task"] | null, labels: string[] | null): Promise<Preview> {
  return data(api.POST("/api/v1/uploads/{upload_id}/preview", { params: { path: { upload_id: upload } }, body: { columns, task, labels } }));
}

export function createProject(body: NewProject) {
  return data(api.POST("/api/v1/projects", { body }));
}
