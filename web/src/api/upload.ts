/** Uploads go by XMLHttpRequest: fetch() cannot say how far it is. */
import { onSite } from "@/site/base";
import { CSRF_HEADER, csrfToken } from "./csrf";
import { ApiError, toApiError } from "./error";
import type { Upload } from "./types";

/** Where a file lies in the folder it came from; its folder may say the label. */
export interface FileAt {
  file: File;
  path: string;
}

export async function upload(files: FileAt[], onProgress: (share: number) => void, signal: AbortSignal): Promise<Upload> {
  const form = new FormData();
  for (const { file, path } of files) form.append("files", file, path);
  const csrf = await csrfToken();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", onSite("/api/v1/uploads"));
    request.setRequestHeader(CSRF_HEADER, csrf);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status === 201) resolve(request.response as Upload);
      else reject(toApiError(request.status, request.response));
    };
    request.onerror = () => {
      reject(new ApiError(0, "offline", "The upload was cut off.", "Check the connection and drop the file again."));
    };
    request.onabort = () => {
      reject(new ApiError(-1, "aborted", "The upload was stopped."));
    };
    signal.addEventListener("abort", () => {
      request.abort();
    });
    request.send(form);
  });
}
