import { plural } from "../format";

export const imports = {
  title: "Imports",
  add: "Add items",
  addText: "Drop a file or a folder of the same form as before. Items that the project has already stay as they are.",
  adding: "The items are being added …",
  added: (added: number, known: number, reserve: number) =>
    `${plural(added, "item")} added, ${reserve} of them for the reserve. ${plural(known, "row")} ${known === 1 ? "was" : "were"} in the project already.`,
  sourceText:
    "The model learns from them as far as they lower its loss here. They are asked about where they come from: nobody is asked here. Do it again when more is labeled there: what is new comes, and labels that were corrected there replace the ones that came before.",
  addSource: "Add these labels",
  addedSource: (added: number, corrected: number, known: number) =>
    added === 0
      ? `Nothing new: ${plural(known, "labeled item")} ${known === 1 ? "stays" : "stay"} as ${known === 1 ? "it is" : "they are"}.`
      : `${plural(added, "labeled item")} added${corrected ? `, ${corrected} of them in place of a copy that has changed there` : ""}. ${plural(known, "labeled item")} ${known === 1 ? "was" : "were"} in the project already.`,
  items: (n: number) => plural(n, "item"),
  labelsAre: { training: "labels for training", random: "labels of a random sample", gold: "gold labels", source: "labels of another domain" },
  first: "first import",
  undone: "undone",
  undo: "Undo",
  undoMeans: (n: number) =>
    `Undoing this import excludes its ${plural(n, "item")}: nobody is asked about them, they are not trained on, and they do not count in any figure. Answers that were given stay in the record, and items can be included again one by one.`,
  undoFirst: "This is the import that the project was made from. Without its items there may be nothing left to label.",
  reason: "Reason",
  reasonHint: "For the record, such as: wrong file",
  undoNow: "Exclude these items",
} as const;
