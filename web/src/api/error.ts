/** Any failure of a request, in one form. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint = "",
    readonly requestId = "",
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** The server was not reached at all. */
  get offline(): boolean {
    return this.status === 0;
  }

  /** Trying the same again later can help. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === "not-ready";
  }
}

interface ProblemBody {
  code?: string;
  message?: string;
  hint?: string;
  request_id?: string;
}

/** Make an ApiError of whatever came back. */
export function toApiError(status: number, body: unknown): ApiError {
  const problem: ProblemBody = typeof body === "object" && body !== null ? body : {};
  return new ApiError(
    status,
    problem.code ?? "http-error",
    problem.message ?? `The server answered with status ${String(status)}.`,
    problem.hint ?? "",
    problem.request_id ?? "",
  );
}

/** Make an ApiError of anything that was thrown. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TypeError) return new ApiError(0, "offline", "The server cannot be reached.");
  return new ApiError(-1, "unexpected", error instanceof Error ? error.message : String(error));
}
