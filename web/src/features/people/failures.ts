/** Refusals as the page words them. */
import { ApiError } from "@/api/error";
import { s } from "@/ui/strings";

/** A change of an account conflicts with one thing only: an active admin must be left. */
export function inWords(error: ApiError): ApiError {
  return error.code === "conflict" ? new ApiError(error.status, error.code, s.people.lastAdmin) : error;
}
