/** What a press means for the editor on the page, where it does not change the label itself. */

/** Arrows walk the toggles; Space then toggles the one in focus, as in any list of check boxes. */
export function walk(editor: HTMLElement | null, by: 1 | -1): void {
  const all = [...(editor?.querySelectorAll<HTMLElement>("[data-choice]") ?? [])];
  const at = all.findIndex((one) => one === document.activeElement);
  const to = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
  all[to]?.focus();
}

/** A digit pressed anywhere starts the number. */
export function typeInto(editor: HTMLElement | null, text: string): void {
  const input = editor?.querySelector<HTMLInputElement>("input[data-typed]");
  if (!input) return;
  input.focus();
  input.select();
  document.execCommand("insertText", false, text);
}
