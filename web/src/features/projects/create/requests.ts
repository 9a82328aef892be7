/** The requests of the create page. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { asApiError, type ApiError } from "@/api/error";
import type { Columns, NewProject, Preview, Upload } from "@/api/types";
import { firstOf, fromPreview, type Form } from "./model";
import { columnsIn, fromPlan, toForm } from "./retry";

/** A file that was sent, and what was found in it. */
export interface Source {
  upload: Upload;
  preview: Preview;
}

/** What an import that failed leaves to the next try. */
export interface Choices {
  file: string | null;
  form: Form | null;
  /** Null where the file must be sent again. */
  source: Source | null;
  error: ApiError | null;
}

export function previewUpload(upload: string, columns: Columns, task: NewProject["task"] | null, labels: string[] | null): Promise<Preview> {
  return data(api.POST("/api/v1/uploads/{upload_id}/preview", { params: { path: { upload_id: upload } }, body: { columns, task, labels } }));
}

/** Look at a file with the choices that were made for another one, as far as they fit. */
export async function previewAgain(upload: Upload, form: Form): Promise<{ source: Source; form: Form }> {
  const { all_columns } = await previewUpload(upload.id, {}, null, null);
  const { task, labels } = firstOf(form);
  const preview = await previewUpload(upload.id, columnsIn(form.columns, all_columns), task, labels.length > 0 ? labels : null);
  return { source: { upload, preview }, form: fromPreview(preview, form) };
}

export function createProject(body: NewProject) {
  return data(api.POST("/api/v1/projects", { body }));
}

export const choicesQuery = (failed: string | null, plan: string | null) =>
  queryOptions({
    queryKey: ["create-choices", failed, plan],
    enabled: failed !== null || plan !== null,
    queryFn: () => (failed !== null ? choices(failed) : proposed(plan ?? "")),
    staleTime: Infinity,
    gcTime: 0,
  });

async function choices(slug: string): Promise<Choices> {
  const { file, request, upload } = await data(api.GET("/api/v1/projects/{slug}/failed-import", { params: { path: { slug } } }));
  const form = request ? toForm(request as unknown as NewProject) : null;
  return again(file, form, upload);
}

/** What a plan proposes, with its file as long as that is kept. */
async function proposed(id: string): Promise<Choices> {
  const plan = await data(api.GET("/api/v1/plans/{plan_id}", { params: { path: { plan_id: id } } }));
  const form = toForm(fromPlan(plan));
  const upload = plan.upload_id === null ? null : { id: plan.upload_id, name: plan.line.name, bytes: 0, files: 1 };
  return again(plan.line.name, form, upload);
}

async function again(file: string | null, form: Form | null, upload: Upload | null | undefined): Promise<Choices> {
  if (!upload || !form) return { file, form, source: null, error: null };
  try {
    return { file, ...(await previewAgain(upload, form)), error: null };
  } catch (thrown) {
    return { file, form, source: null, error: asApiError(thrown) };
  }
}
