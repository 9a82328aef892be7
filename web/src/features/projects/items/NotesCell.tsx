import { Tooltip } from "@mantine/core";
import type { ItemNote } from "@/api/types";
import { moment } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import css from "./items.module.css";

const ICONS = { answer: "note", correct: "note", skip: "skip", flag: "flag" } as const;
const BOTH = { hover: true, focus: true, touch: true };

/** The newest note in short; all of them, whole, while it is pointed at or focused. */
export function NotesCell({ notes }: { notes: readonly ItemNote[] }) {
  const [newest] = notes;
  if (!newest) return null;
  return (
    <Tooltip multiline w={340} position="bottom-start" events={BOTH} transitionProps={{ duration: 80 }} label={<Whole notes={notes} />}>
      <button type="button" className={css.noteButton} data-kind={newest.kind} data-testid="notes">
        <Icon name={ICONS[newest.kind]} size={14} />
        <span className="lw-clip" dir="auto">
          <span className="lw-hidden">{s.records.noteKinds[newest.kind]}: </span>
          {newest.text}
        </span>
        {notes.length > 1 && <span className={`${css.moreNotes} lw-num`}>{s.records.moreNotes(notes.length - 1)}</span>}
      </button>
    </Tooltip>
  );
}

function Whole({ notes }: { notes: readonly ItemNote[] }) {
  return (
    <>
      {notes.map((note) => (
        <span key={`${note.at}-${note.by}`} className={css.wholeNote}>
          <span className={css.noteBy}>
            {s.records.noteKinds[note.kind]} · {note.by} · {moment(note.at)}
          </span>
          <span dir="auto">{note.text}</span>
        </span>
      ))}
    </>
  );
}
