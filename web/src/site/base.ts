/** Where the site is served: "" at the root of a host, or a path such as "/labelwright" behind a proxy. */
const told = typeof document === "undefined" ? "" : (document.querySelector<HTMLMetaElement>('meta[name="labelwright-base"]')?.content ?? "");

export const base = told.startsWith("/") && told !== "/" ? told.replace(/\/$/, "") : "";

/** A path of the site as the browser asks for it; other addresses, such as data: and blob:, stay as they are. */
export function onSite(path: string): string {
  return path.startsWith("/") ? base + path : path;
}
