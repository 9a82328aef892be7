/** What is shown of guidelines that changed. */
import type { components } from "@/api/schema";

export type NewsOfQuestion = components["schemas"]["News"];

/** The lines that changed with those beside them; what is left out between them is one ellipsis. */
export function around(lines: NewsOfQuestion["lines"]): NewsOfQuestion["lines"] {
  const near = (i: number) => [i - 1, i, i + 1].some((k) => lines[k] !== undefined && lines[k].change !== "same");
  return lines.flatMap((line, i) => {
    if (near(i)) return [line];
    return i === 0 || near(i - 1) ? [{ change: "same" as const, text: "…" }] : [];
  });
}
