/** The colour of a label: colour-blind-safe (after Okabe and Ito, then Tol) and the same everywhere. */
const CLASSES = [
  "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#b8a800", "#aa3377", "#44aa99", "#8f7ee7",
  "#999933", "#9970ab", "#117733", "#cc6677", "#6f7f8f",
] as const;

export function classColor(index: number): string {
  return CLASSES[((index % CLASSES.length) + CLASSES.length) % CLASSES.length] ?? CLASSES[0];
}
