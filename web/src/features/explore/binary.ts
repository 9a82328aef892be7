/** What the server sends of the map as bytes. Pure. */

/** Of items that are not placed yet, in both numbers. */
export const NOWHERE = 65_535;
/** The place of the last code of a range. */
export const STEPS = 250;
export const GONE = 254;
export const NONE = 255;

export interface Entry {
  /** Null: all values that have no entry of their own. */
  name: string | null;
  n: number;
}

export interface Legend {
  by: string;
  kind: "values" | "range";
  entries: Entry[];
  low: number | null;
  high: number | null;
  n_none: number;
}

export interface Colouring {
  legend: Legend;
  /** One an item: the position of its entry, its place in a range, or NONE or GONE. */
  codes: Uint8Array;
}

/** Two numbers an item, by ordinal. */
export function readPositions(bytes: ArrayBuffer): Uint16Array {
  return new Uint16Array(bytes);
}

/** Four bytes with the length of the legend, the legend, then a code an item. */
export function readColouring(bytes: ArrayBuffer): Colouring {
  const length = new DataView(bytes).getUint32(0, true);
  const legend = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as Legend;
  return { legend, codes: new Uint8Array(bytes, 4 + length) };
}

/** Items with one of some codes, by ordinal. */
export function withCodes(codes: Uint8Array, wanted: ReadonlySet<number>): number[] {
  const found: number[] = [];
  for (let k = 0; k < codes.length; k++) if (wanted.has(codes[k] ?? NONE)) found.push(k);
  return found;
}

/** The value of a code of a range. */
export function valueOf(legend: Legend, code: number): number | null {
  if (legend.low === null || legend.high === null || code > STEPS) return null;
  return legend.low + (code / STEPS) * (legend.high - legend.low);
}

/** What an item's code means, in words. */
export function wordsOf(legend: Legend, code: number, rest: string): string | null {
  if (legend.kind === "range") {
    const value = valueOf(legend, code);
    return value === null ? null : String(Number(value.toPrecision(4)));
  }
  const entry = legend.entries[code];
  return entry === undefined ? null : (entry.name ?? rest);
}
