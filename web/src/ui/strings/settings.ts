import { plural } from "../format";

export const goal = {
  title: "Goal",
  metric: "Metric",
  atLeast: "At least",
  atMost: "At most",
  deadline: "Until",
  budget: "Budget (answers)",
  hint: "Optional. Progress shows how far away the goal is, and what is left of time and budget. Every answer of a person is spent, those about the reserve too.",
  needValue: "Write the number that is aimed at.",
  wrongBudget: "The budget must be a whole number above 0.",
  past: "The deadline must be today or later.",
} as const;

export const settings = {
  title: "Settings",
  save: "Save",
  saved: "Saved",
  removeGoal: "Remove the goal",
  question: "Question",
  questions: (n: number) => `Question ${n}`,
  text: "What is asked",
  labels: "Labels",
  labelsHint: "Answers keep their label when it is renamed. A label that was never used can be removed.",
  newLabel: "New label",
  add: "Add",
  up: (name: string) => `Move ${name} up`,
  down: (name: string) => `Move ${name} down`,
  remove: (name: string) => `Remove ${name}`,
  needName: "Write a name for the label.",
  labelName: (n: number) => `Name of label ${n}`,
  open: "Annotators may add labels",
  guidelines: "Guidelines",
  guidelinesOf: (version: number) => (version === 0 ? "There are none yet." : `Version ${version}`),
  editGuidelines: "Edit guidelines",
  conflict: "Somebody has changed the settings of this project since you opened this page. Nothing was saved. What you see is what is stored now; make your change again.",
  state: "End of the project",
  archive: "Archive",
  archiveText: "An archived project can be read and exported. No items are handed out, no model is trained, nothing is changed.",
  unarchive: "Go on with the project",
  archived: "This project is archived: it can be read and exported.",
  remove_: "Delete",
  deleteText: "A deleted project disappears for everybody. Its record and labels are kept, and an admin can restore it from the list of projects.",
  deleteConfirm: (slug: string) => `Type ${slug} to delete the project`,
  deleteButton: "Delete the project",
} as const;

export const rounds = {
  start: "New round",
  title: "Begin a new round",
  text: "A round is a question to the project: what shall the next labels show? The running round ends, and its outcome is kept.",
  hypothesis: "What this round shall show",
  hypothesisHint: "Such as: short reviews are the hard ones",
  labels: "Planned labels",
  strategy: "Strategy",
  begin: "Begin",
} as const;

export const deleted = {
  show: (n: number) => plural(n, "deleted project"),
  archivedTitle: (n: number) => plural(n, "archived project"),
  restore: "Restore",
  at: (when: string) => `deleted ${when}`,
} as const;
