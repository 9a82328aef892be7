/** The steps of the dial: how many doubtful candidates there are for each pick. Pure. */
export const STEPS = [1, 3, 10, 50, 1000] as const;

/** The step whose number of candidates is nearest, by ratio. */
export function nearestStep(candidates: number): number {
  const apart = STEPS.map((step) => Math.abs(Math.log(step / candidates)));
  return apart.indexOf(Math.min(...apart));
}
