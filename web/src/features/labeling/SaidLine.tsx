import { useState } from "react";
import { s } from "@/ui/strings";
import css from "./label.module.css";
import type { Card } from "./state";

/** What the person has written about the item: the note of this answer, or why they skipped or flagged it before. */
export function SaidLine({ card, note }: { card: Card; note: string }) {
  const [open, setOpen] = useState(false);
  const { words } = card;
  const said = [
    ...(words && words.kind !== "note" ? [s.label.said[words.kind](words.text)] : []),
    ...(note === "" ? [] : [s.label.said.note(note)]),
  ].join(" · ");
  if (said === "") return null;
  return (
    <button type="button" className={css.said} data-open={open || undefined} data-testid="own-words" title={said} aria-expanded={open} dir="auto" onClick={() => setOpen(!open)}>
      {said}
    </button>
  );
}
