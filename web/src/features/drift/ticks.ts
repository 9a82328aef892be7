/** A tick without digits that say nothing. */
export function tickText(value: number): string {
  return Number(value.toPrecision(6)).toString().replace("-", "\u2212");
}
