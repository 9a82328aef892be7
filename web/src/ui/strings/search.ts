import { count, plural } from "../format";

interface Share {
  value: number;
  low: number;
  high: number;
  n: number;
}

const percent = (share: number) => `${Math.round(1000 * share) / 10} %`;

export const search = {
  title: "Search",
  sentence: (found: number, positive: string, seen: number, all: number) => `${plural(found, "item")} “${positive}” found; ${count(seen)} of ${count(all)} reviewed.`,
  certificate: "Certified recall",
  certified: "Certified",
  notYet: "Not certified yet",
  tooFew: (n: number, least: number, goal: number) => `The blind sample has ${plural(n, "relevant item")} so far; a recall of ${percent(goal)} needs ${least} at least.`,
  reached: (reached: number, n: number, needed: number, goal: number) => `The ranking has come to ${reached} of ${plural(n, "relevant item")} of the blind sample; ${needed} certify a recall of ${percent(goal)}.`,
  open: (left: number) => `${plural(left, "item")} of the blind sample ${left === 1 ? "waits" : "wait"} for a first answer, as after an import: until then nothing is certified.`,
  explain: "The blind sample was drawn at random. No model learns from it, so that it tells how far the ranking has come. Whoever stops when it says so stops too early with a chance of 5 % at most.",
  blind: "Blind sample labeled",
  of: (n: number, all: number) => `${count(n)} of ${count(all)}`,
  prevalence: "Prevalence",
  relevant: "Relevant items in all, about",
  recall: "Recall of the ranking",
  saved: "Work saved over reading at random",
  time: "Time of people",
  hours: (all: string, blind: string) => `${all}, ${blind} of it for the blind sample`,
  share: (one: Share) => `${percent(one.value)} (${percent(one.low)} to ${percent(one.high)}), n = ${count(one.n)}`,
  number: (one: Share) => `${count(Math.round(one.value))} (${count(Math.round(one.low))} to ${count(Math.round(one.high))})`,
  points: (share: number) => `${Math.round(1000 * share) / 10} points`,
  gain: "Found against reviewed",
  gainEmpty: "The curve begins after two trainings.",
  gainText: (found: number, seen: number) => `${found} relevant items among ${seen} reviewed`,
  gainCaption: "Relevant items found (upwards) among the items of the pool that were reviewed. The blind sample is not on it.",
  hints: "Hints",
  hintsText: "Heuristics that others use. They promise no recall.",
  none: "Nothing was looked at yet.",
  rest: "A sample of the rest",
  restText: "At the end: random items of those that nobody has reviewed. Relevant ones among them bound what was left out. It is further evidence, and no second certificate.",
  restN: "Items to draw",
  draw: "Draw and ask first",
  restWaits: (n: number, all: number) => `${n} of ${all} sampled items are labeled.`,
  restFound: (positives: number, n: number, missed: number, low: number) => `${positives} of ${n} sampled items are relevant: at most ${count(missed)} were left out, a recall of ${percent(low)} at least (95 %).`,
  report: "Report",
  download: "Download",
  print: "Print",
  digest: (digest: string) => `SHA-256 of this report: ${digest}`,
  signedThis: "(this report)",
  signedOther: (digest: string) => `(an earlier report, ${digest.slice(0, 12)}…)`,
  statement: "Statement",
  statementText: "Signed with your name, the time, and the digest of the report as it is now; entered into the record.",
  sign: "Sign the report",
  items: (n: string) => `The figures are of ${n} items. A new import adds to the blind sample.`,
} as const;
