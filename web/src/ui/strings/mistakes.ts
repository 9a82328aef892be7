import { plural } from "../format";

/** What the model gets wrong. */
export const mistakes = {
  title: "What the model gets wrong",
  empty: "Shown once a model was trained and items of the reserve are labeled.",
  basis: (n: number) => `Measured on ${plural(n, "item")} of the reserve, which the model never chose.`,
  fewBasis: (n: number) => `Only ${plural(n, "item")} of the reserve ${n === 1 ? "is" : "are"} labeled: too few to judge.`,
  pairs: "Confusions",
  classes: "Classes",
  matrix: "Table of confusions",
  matrixText: "Rows: the label that people gave. Columns: what the model says. Choose a cell to see its items.",
  truth: "Label",
  predicted: "Model",
  class: "Class",
  found: "Found (recall)",
  right: "Right (precision)",
  item: "Item",
  none: "Nothing: the model agrees with all labels of the reserve.",
  cell: (n: number, truth: string, predicted: string) => `${n} of ${truth}, taken for ${predicted}`,
  confused: (truth: string | null, predicted: string | null) => (predicted === null ? `${truth} missed` : truth === null ? `${predicted} given wrongly` : `${truth}, taken for ${predicted}`),
  itemsOf: (n: number, truth: string | null, predicted: string | null) =>
    `${n} ${n === 1 ? "item" : "items"}: ${mistakes.confused(truth, predicted)}`,
  farOff: "Items of the reserve that the model is farthest off",
};
