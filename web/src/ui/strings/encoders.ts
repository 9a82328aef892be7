import { count, plural } from "../format";

export const encoders = {
  title: "Features",
  name: "Encoder",
  encoded: "Items encoded",
  loss: "loss",
  best: "Best with a chance of",
  serves: "serves",
  waiting: "waits",
  of: (n: number, all: number) => `${count(n)} of ${count(all)}`,
  one: "One encoder makes features of the items. Name others, and they are compared on the labels that come in.",
  several: "While people label, the others encode the items in the background. They are compared on training labels that the models did not learn from, and a better one serves from the next training on.",
  asked: "It serves as soon as all items are encoded: the project names it alone.",
  compared: (measure: string, n: number, at: string) => `Compared by ${measure} on ${plural(n, "label")}, ${at}.`,
  change: "Name encoders",
  field: "Encoders, between commas",
  fieldHint: "Such as tfidf, wordllama. Those with a colon need the permission of the owner of this machine.",
  save: "Save",
  model: (name: string, serves: boolean) => (serves ? `Model: ${name}` : `Fitted best: ${name}`),
  fits: (n: number) => `What was compared (${n})`,
  pair: (model: string, encoder: string) => `${model} on ${encoder}`,
  licence: (name: string) => `Weights: ${name}`,
} as const;
