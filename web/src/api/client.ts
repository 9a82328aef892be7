/** The one way to the server: typed by openapi.json, errors as ApiError. */
import { base } from "@/site/base";
import createClient from "openapi-fetch";
import { guardedFetch } from "./csrf";
import { asApiError, toApiError } from "./error";
import type { paths } from "./schema";

export const api = createClient<paths>({ baseUrl: window.location.origin + base, fetch: guardedFetch });

/** Who wants to know that nobody is signed in (the router, which asks and comes back). */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of a reply, or an ApiError thrown. */
export async function data<T>(reply: Promise<Reply<T>>): Promise<T> {
  let got: Reply<T>;
  try {
    got = await reply;
  } catch (error) {
    throw asApiError(error);
  }
  if (got.response.ok) return got.data as T;
  if (got.response.status === 401 && !got.response.url.endsWith("/session")) onSignedOut();
  throw toApiError(got.response.status, got.error);
}
