/** How a value stands to the typical one, in words short enough for a table. Pure. */
export interface Difference {
  /** Far enough to catch the eye. A mere change of sign is told, not marked. */
  strong: boolean;
  /** -1 far below, 0 near or equal, 1 far above; null: differs, but there is no order. */
  direction: -1 | 0 | 1 | null;
  text: string;
}

const SAME: Difference = { strong: false, direction: 0, text: "" };

export function difference(value: unknown, typical: unknown): Difference {
  if (typical === undefined || typical === null) return SAME;
  if (value === null || value === undefined || value === "") return { strong: true, direction: null, text: "missing" };
  if (typeof value !== "number" || typeof typical !== "number") {
    return String(value) === String(typical) ? SAME : { strong: true, direction: null, text: "differs" };
  }
  if (value === typical) return SAME;
  const direction = value > typical ? 1 : -1;
  if (value * typical <= 0) return { strong: false, direction, text: direction > 0 ? "above" : "below" };
  const ratio = Math.abs(value) / Math.abs(typical);
  if (ratio > 0.5 && ratio < 2) return SAME;
  return { strong: true, direction, text: ratio > 1 ? `${trim(ratio)} times` : `1/${trim(1 / ratio)}` };
}

function trim(ratio: number): string {
  return ratio >= 10 ? String(Math.round(ratio)) : String(Number(ratio.toFixed(1)));
}
