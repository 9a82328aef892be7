/** The colour of a label: colour-blind-safe (after Okabe and Ito, then Tol) and the same everywhere. */
const CLASSES = [
  "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#b8a800", "#aa3377", "#44aa99", "#8f7ee7",
  "#999933", "#9970ab", "#117733", "#cc6677", "#6f7f8f",
] as const;

export function classColor(index: number): string {
  return CLASSES[((index % CLASSES.length) + CLASSES.length) % CLASSES.length] ?? CLASSES[0];
}

/** Colours of the kinds of slots, for cost and queue. */
const KINDS: Record<string, string> = {
  chosen: "#3f7fd0",
  random: "#e69f00",
  reserve: "#009e73",
  gold: "#b8a800",
  repeat: "#cc79a7",
  relabel: "#d55e00",
  seed: "#56b4e9",
};

export function kindColor(kind: string): string {
  return KINDS[kind] ?? "#8a8f99";
}
