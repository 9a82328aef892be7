/** Labels of another domain that a new project starts from, as data. Pure. */
import type { NewProject } from "@/api/types";

export interface StartFrom {
  project: string | null;
  /** A moment of the project; "" for now. */
  snapshot: string;
  /** A file that was sent for it. */
  upload: { id: string; name: string } | null;
  /** The column of labels in the file; "" to guess. */
  label: string;
}

export const NOTHING: StartFrom = { project: null, snapshot: "", upload: null, label: "" };

/** Whether anything was chosen. */
export function starts(from: StartFrom): boolean {
  return from.project !== null || from.upload !== null;
}

/** As the server takes it; null where the project starts without. */
export function toStartFrom(from: StartFrom): NonNullable<NewProject["start_from"]> | null {
  if (from.project !== null) return { project: from.project, snapshot: from.snapshot.trim() || null };
  return from.upload === null ? null : { upload_id: from.upload.id, label: from.label.trim() || null };
}

/** Back from the request of an import that failed; the name of its file is not kept. */
export function ofRequest(body: NewProject["start_from"]): StartFrom {
  if (!body) return NOTHING;
  if (body.project) return { ...NOTHING, project: body.project, snapshot: body.snapshot ?? "" };
  return { ...NOTHING, upload: body.upload_id ? { id: body.upload_id, name: body.upload_id } : null, label: body.label ?? "" };
}
