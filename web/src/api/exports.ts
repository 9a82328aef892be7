/** The labels of a project as a file in some format. */
import { onSite } from "@/site/base";
import { toApiError } from "./error";

export interface ExportedFile {
  name: string;
  content: Blob;
  /** What is to be told about it, such as what the format has no place for; empty where nothing is. */
  findings: string;
}

/** Formats that menus offer at once; the dialog has all. */
export const COMMON_FORMATS = { csv: "CSV", jsonl: "JSONL", parquet: "Parquet" } as const;

/** The address of an export that the browser itself downloads. */
export function exportAddress(slug: string, query: Record<string, string>): string {
  return onSite(`/api/v1/projects/${slug}/export?${new URLSearchParams(query).toString()}`);
}

/** Returns what fetches the file, of a version or of now. */
export function exportOf(slug: string, at?: string): (format: string, metadata: boolean) => Promise<ExportedFile> {
  return async (format, metadata) => {
    const address = exportAddress(slug, { format, croissant: String(metadata), ...(at === undefined ? {} : { at }) });
    const reply = await fetch(address).catch(() => null);
    if (reply === null) throw toApiError(0, { message: "The server was not reached.", hint: "Try again." });
    if (!reply.ok) throw toApiError(reply.status, await reply.json().catch(() => null));
    const named = /filename="([^"]+)"/.exec(reply.headers.get("Content-Disposition") ?? "");
    return { name: named?.[1] ?? `${slug}.${format}`, content: await reply.blob(), findings: reply.headers.get("X-Findings") ?? "" };
  };
}
