/**
 * The CSRF token: it comes with the session and goes with every request that changes something.
 *
 * It also tells whose page this is. Where another tab has signed in as somebody else, nothing may be sent from
 * here any more: it would be stored under the wrong name.
 */
import { onSite } from "@/site/base";
import { ApiError } from "./error";

export const CSRF_HEADER = "X-CSRF-Token";

let token: string | null = null;
let owner: string | null = null;

export function setCsrf(session: { csrf: string; user: { id: string } } | null): void {
  token = session?.csrf ?? null;
  owner = session?.user.id ?? null;
}

export async function csrfToken(): Promise<string> {
  if (token !== null) return token;
  const response = await fetch(onSite("/api/v1/session"), { headers: { Accept: "application/json" } });
  if (!response.ok) return "";
  const session = (await response.json()) as { csrf: string; user: { id: string } };
  if (owner !== null && owner !== session.user.id) {
    window.location.reload();
    throw new ApiError(401, "unauthenticated", "Somebody else has signed in on this browser.");
  }
  setCsrf(session);
  return session.csrf;
}

/** fetch() with the token; a stale one is renewed once, since another tab may have signed in again. */
export async function guardedFetch(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  const opens = path === onSite("/api/v1/session/link") || (path === onSite("/api/v1/session") && request.method === "POST");
  if (request.method === "GET" || opens) return fetch(request);
  const { url, method, signal } = request;
  const body = (await request.text()) || null;
  const send = async () => {
    const headers = new Headers(request.headers);
    headers.set(CSRF_HEADER, await csrfToken());
    return fetch(url, { method, headers, body, signal });
  };
  const response = await send();
  if (response.status !== 403) return response;
  const stale = token;
  token = null;
  return (await csrfToken()) === stale ? response : send();
}
