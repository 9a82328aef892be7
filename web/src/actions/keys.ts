/**
 * The one table of keys. Handlers, tooltips and the `?` help all read it; people may remap it.
 *
 * A binding is written as modifiers and one key: "Mod+z" (Ctrl, or Cmd on a Mac), "Shift+1", "f", "Space".
 * Digits are physical keys, so that they work on every layout; letters are what the layout says.
 */
export type Scope = "global" | "label" | "grid" | "image" | "review";

export interface KeyAction {
  id: ActionId;
  scope: Scope;
  keys: readonly string[];
  /** What it does, for tooltips and help. */
  text: string;
}

const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"] as const;
export const CHOICES = digits.length;
export const RECENT = 5;

type Choice = `choice.${number}`;
type Recent = `recent.${number}`;

export type ActionId =
  | Choice
  | Recent
  | "help"
  | "submit"
  | "skip"
  | "skip.reason"
  | "undo"
  | "flag"
  | "note"
  | "grid"
  | "why"
  | "guidelines"
  | "offline"
  | "search"
  | "choice.next"
  | "choice.previous"
  | "choice.up"
  | "choice.down"
  | "question.next"
  | "question.previous"
  | "leave"
  | "grid.toggle"
  | "grid.left"
  | "grid.right"
  | "grid.up"
  | "grid.down"
  | "zoom.in"
  | "zoom.out"
  | "zoom.fit"
  | "bright.up"
  | "bright.down"
  | "contrast.up"
  | "contrast.down"
  | "window.reset"
  | "review.keep"
  | "review.back"
  | "review.next"
  | "review.previous";

export const KEYS: readonly KeyAction[] = [
  { id: "help", scope: "global", keys: ["?"], text: "Show all keys" },
  ...digits.map(
    (key, index): KeyAction => ({ id: `choice.${index + 1}`, scope: "label", keys: [key], text: `Choose answer ${index + 1}` }),
  ),
  { id: "choice.next", scope: "label", keys: ["ArrowRight"], text: "Next choice, or a step up" },
  { id: "choice.previous", scope: "label", keys: ["ArrowLeft"], text: "Previous choice, or a step down" },
  { id: "choice.up", scope: "label", keys: ["ArrowUp"], text: "Choice above, or a step up" },
  { id: "choice.down", scope: "label", keys: ["ArrowDown"], text: "Choice below, or a step down" },
  { id: "question.next", scope: "label", keys: ["Tab"], text: "Next question of the item" },
  { id: "question.previous", scope: "label", keys: ["Shift+Tab"], text: "Previous question of the item" },
  { id: "submit", scope: "label", keys: ["Enter"], text: "Submit" },
  { id: "skip", scope: "label", keys: ["Space"], text: "Skip" },
  { id: "skip.reason", scope: "label", keys: ["Shift+Space"], text: "Skip with a reason" },
  { id: "undo", scope: "label", keys: ["Backspace", "Mod+z"], text: "Undo the last answer" },
  { id: "flag", scope: "label", keys: ["f"], text: "Flag for a second look" },
  { id: "note", scope: "label", keys: ["n"], text: "Add a note to this answer" },
  { id: "why", scope: "label", keys: ["w"], text: "Why was I asked the last one?" },
  { id: "grid", scope: "label", keys: ["g"], text: "Many similar items at once" },
  { id: "guidelines", scope: "label", keys: ["i"], text: "Show or hide the guidelines" },
  { id: "offline", scope: "label", keys: ["o"], text: "Work offline: keep 50 items ready, or stop" },
  { id: "search", scope: "label", keys: ["/"], text: "Search the labels" },
  ...digits.slice(0, RECENT).map(
    (key, index): KeyAction => ({ id: `recent.${index + 1}`, scope: "label", keys: [`Shift+${key}`], text: `Correct recent answer ${index + 1}` }),
  ),
  { id: "leave", scope: "label", keys: ["Escape"], text: "Leave a box, a correction or the grid" },
  { id: "grid.toggle", scope: "grid", keys: ["x"], text: "Take the card out, or back in" },
  { id: "grid.left", scope: "grid", keys: ["ArrowLeft"], text: "Card to the left" },
  { id: "grid.right", scope: "grid", keys: ["ArrowRight"], text: "Card to the right" },
  { id: "grid.up", scope: "grid", keys: ["ArrowUp"], text: "Card above" },
  { id: "grid.down", scope: "grid", keys: ["ArrowDown"], text: "Card below" },
  { id: "zoom.in", scope: "image", keys: ["+", "="], text: "Zoom in" },
  { id: "zoom.out", scope: "image", keys: ["-"], text: "Zoom out" },
  { id: "zoom.fit", scope: "image", keys: ["c"], text: "Fit the whole image" },
  { id: "bright.up", scope: "image", keys: ["]"], text: "Brighter" },
  { id: "bright.down", scope: "image", keys: ["["], text: "Darker" },
  { id: "contrast.up", scope: "image", keys: ["."], text: "More contrast" },
  { id: "contrast.down", scope: "image", keys: [","], text: "Less contrast" },
  { id: "window.reset", scope: "image", keys: ["v"], text: "Reset brightness and contrast" },
  { id: "review.keep", scope: "review", keys: ["k"], text: "Keep the label" },
  { id: "review.back", scope: "review", keys: ["b"], text: "Send back to the annotators" },
  { id: "review.next", scope: "review", keys: ["j"], text: "Next review, or item of a session" },
  { id: "review.previous", scope: "review", keys: ["p"], text: "Review, or item of a session, before" },
];

export const SCOPES: Record<Scope, string> = {
  global: "Everywhere",
  label: "Labeling",
  grid: "Grid",
  image: "Images",
  review: "Reviews",
};
