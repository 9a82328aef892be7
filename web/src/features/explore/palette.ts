/** The colour of each code. Pure. */
import { classColor } from "@/ui/colors";
import { GONE, NONE, STEPS, type Legend } from "./binary";

export type Rgb = readonly [number, number, number];

/** Tokens of the scheme: what has no value, what is right, what is wrong. */
export interface Inks {
  none: string;
  good: string;
  bad: string;
}

/** Five stops of viridis: even steps look even, in grey and to people who are colour-blind too. */
const RAMP: readonly Rgb[] = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

const BLACK: Rgb = [0, 0, 0];

export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.trim().replace("#", ""), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** A colour of the ramp, from 0 to 1. */
export function rampAt(share: number): Rgb {
  const at = Math.min(0.9999, Math.max(0, share)) * (RAMP.length - 1);
  const from = RAMP[Math.floor(at)] ?? BLACK;
  const to = RAMP[Math.floor(at) + 1] ?? from;
  const mixed = (k: 0 | 1 | 2) => Math.round(from[k] + (to[k] - from[k]) * (at % 1));
  return [mixed(0), mixed(1), mixed(2)];
}

export function inkOf(legend: Legend, code: number, inks: Inks): Rgb {
  if (code >= GONE) return rgbOf(inks.none);
  if (legend.kind === "range") return rampAt(code / STEPS);
  if (legend.entries[code]?.name === null) return rgbOf(inks.none);
  if (legend.by === "error") return rgbOf(code === 0 ? inks.good : inks.bad);
  return rgbOf(classColor(code));
}

/** 256 colours with their opacity; what is hidden has none. */
export function paletteOf(legend: Legend, hidden: ReadonlySet<number>, inks: Inks): Uint8Array {
  const palette = new Uint8Array(4 * 256);
  for (let code = 0; code < 256; code++) {
    const shown = code !== GONE && !hidden.has(code);
    palette.set([...inkOf(legend, code, inks), shown ? (code === NONE ? 150 : 235) : 0], 4 * code);
  }
  return palette;
}

export const cssOf = (rgb: Rgb) => `rgb(${rgb.join(" ")})`;
