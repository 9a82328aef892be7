/** How a value differs from the typical one, in words short enough for a table. Pure. */
export interface Difference {
  /** Far enough to catch the eye. */
  strong: boolean;
  /** -1 below, 0 near or equal, 1 above; null: differs, but there is no order. */
  direction: -1 | 0 | 1 | null;
  text: string;
}

/** The distance from the median, in standard deviations, from which a difference is named and from which it is marked. */
const TOLD = 1;
const MARKED = 1.5;
const SAME: Difference = { strong: false, direction: 0, text: "" };

/** What is typical of a column: its median and spread, or its most frequent value. */
interface Typical {
  value: unknown;
  spread: number | null;
}

export function typicalOf(given: unknown): Typical {
  if (typeof given === "object" && given !== null && "median" in given) {
    const { median, spread } = given as { median: unknown; spread?: unknown };
    return { value: median, spread: typeof spread === "number" ? spread : null };
  }
  return { value: given, spread: null };
}

/** A number, also where a file held it as text. */
function numberOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : null;
}

export function difference(cell: unknown, given: unknown): Difference {
  const { value: usual, spread } = typicalOf(given);
  if (usual === undefined || usual === null) return SAME;
  if (cell === null || cell === undefined || cell === "") return { strong: true, direction: null, text: "missing" };
  const [value, typical] = [numberOf(cell), numberOf(usual)];
  if (value === null || typical === null) {
    return String(cell) === String(usual) ? SAME : { strong: true, direction: null, text: "differs" };
  }
  return spread === null ? byRatio(value, typical) : bySpread(value - typical, spread);
}

function bySpread(distance: number, spread: number): Difference {
  if (distance === 0 || spread <= 0) return SAME;
  const deviations = Math.abs(distance) / spread;
  if (deviations < TOLD) return SAME;
  return { strong: deviations >= MARKED, direction: distance > 0 ? 1 : -1, text: `${trim(deviations)} sd` };
}

function byRatio(value: number, typical: number): Difference {
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
