/** Which events are listed; the address of the page holds it. Pure. */
export interface AuditFilter {
  kind?: string;
  by?: string;
  item?: string;
  since?: string;
  until?: string;
}

const NAMES = ["kind", "by", "item", "since", "until"] as const;

/** What the address says; anything else is left out. */
export function toAuditFilter(search: Record<string, unknown>): AuditFilter {
  // The router reads ?item=12 as a number.
  const said = NAMES.flatMap((name) => {
    const value = search[name];
    return (typeof value === "string" && value !== "") || typeof value === "number" ? [[name, String(value)] as const] : [];
  });
  return Object.fromEntries(said);
}
