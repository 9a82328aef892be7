/** How a kind of slot is shown: its name and its colour, in light and dark. */
import { SLOT_KINDS } from "./kinds";

export interface SlotLook {
  label: string;
  color: string;
}

/** A kind that this version of the app does not know is shown by its name, in grey. */
export function slotLook(kind: string): SlotLook {
  const known = Object.hasOwn(SLOT_KINDS, kind) ? SLOT_KINDS[kind] : undefined;
  return known ? { label: known.label, color: `light-dark(${known.light}, ${known.dark})` } : { label: kind, color: "#8a8f99" };
}
