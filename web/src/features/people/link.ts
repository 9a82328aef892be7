/** Addresses of one-time links as people send them. */
import { onDay } from "@/ui/format";
import { s } from "@/ui/strings";

/** The complete address: where the server knows no base URL, that is the origin that this page was opened at. */
export function complete(link: string, origin: string = window.location.origin): string {
  return new URL(link, origin).href;
}

export function worksUntil(expiresAt: string): string {
  return s.people.works(onDay(expiresAt));
}
