import { plural } from "../format";

const percent = (share: number) => `${Math.round(1000 * share) / 10} %`;

export const stopping = {
  title: "Goal and stopping",
  decisions: { "go-on": "Go on", stop: "Stop, or change something", "too-early": "Too early" } as Record<string, string>,
  never: "Nothing stops by itself: you decide.",
  cost: (cost: number) => `The missing labels would cost ${Math.round(cost)}.`,
  changes: "What else could be changed",
  rules: (n: number) => `What the rules say (${n})`,
  ruleNames: { target: "Goal", budget: "Budget", plateau: "Plateau", "kappa-stable": "Stable models", "cost-benefit": "Cost and gain", "prediction-change": "Changed predictions", "overall-uncertainty": "Doubt", qbcb: "Certified recall", elusion: "Sample of the rest", knee: "Knee of the curve", "consecutive-irrelevant": "Irrelevant in a row" } as Record<string, string>,
  heuristic: "a heuristic",
  stops: "stop",
  ledger: "What may be wrong, and how often",
  statement: "Statement",
  error: "Error",
  looks: "Looks",
  ever: "no limit",
  used: (used: number, looks: number) => `${used} of ${looks}`,
  percent,
  certificate: {
    title: "Certificate",
    cannot: (why: string) => `The goal cannot be certified: ${why}`,
    goal: (metric: string, threshold: number) => `Certify ${metric} of ${threshold} on sealed labels, which no model and no figure has seen.`,
    explain: (openings: number, alpha: number) =>
      openings === 1 ? `The sealed labels can be opened once. Whoever is not that good passes with a chance of ${percent(alpha)} at most.` : `The sealed labels can be opened ${openings} times; a model that is not that good passes each with a chance of ${percent(alpha)} at most, 5 % in all. You see pass or fail, nothing else.`,
    proposed: (n: number) => `${plural(n, "label")} certify it with a chance of 80 %, if the model is as good as it is measured now.`,
    lead: (n: number, lead: number | null) => (lead === null ? `There are ${plural(n, "sealed item")}.` : `All ${plural(n, "sealed item")} together certify it with a chance of 80 % if the model is ${Math.round(1000 * lead) / 10} points above the goal.`),
    labeled: (n: number, asked: number) => (n < asked ? `${n} of ${asked} sealed labels are there. They come first in everybody's queue.` : `All ${asked} sealed labels are there.`),
    number: "Sealed labels",
    ask: "Ask for these labels",
    open: "Open the sealed labels",
    sure: (left: number) => `This tests the model that serves now, and spends one of ${plural(left, "opening")} that are left. It cannot be taken back.`,
    yes: "Open",
    passed: "Passed",
    failed: "Failed",
    certified: (metric: string, threshold: number, alpha: number) => `${metric} is above ${threshold}, with an error of at most ${percent(alpha)}.`,
    notCertified: (metric: string, threshold: number) => `Not certified that ${metric} is above ${threshold}.`,
    by: (cycle: number, n: number, at: string, who: string) => `model ${cycle}, ${plural(n, "label")}, ${at}, ${who}`,
    left: (left: number, openings: number) => `${left} of ${plural(openings, "opening")} left.`,
  },
} as const;
