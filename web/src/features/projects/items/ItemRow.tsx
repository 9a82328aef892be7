import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { slotLook } from "@/api/slots";
import type { ItemSummary, Question } from "@/api/types";
import { classColor } from "@/ui/colors";
import { figure } from "@/ui/format";
import { Badge, Dot, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import type { Column } from "./columns";
import css from "./items.module.css";
import { NotesCell } from "./NotesCell";

interface Props {
  slug: string;
  item: ItemSummary;
  question: Question | undefined;
  columns: readonly Column[];
  notesBelow: boolean;
  selected: boolean;
  /** Missing where the person may not change items. */
  onToggle: (() => void) | undefined;
}

/** One line of the list of items. */
export function ItemRow({ slug, item, question, columns, notesBelow, selected, onToggle }: Props) {
  return (
    <tr data-excluded={item.excluded || undefined} data-testid="item-row">
      {onToggle && (
        <td className={css.check}>
          <Checkbox size="xs" aria-label={s.records.selectItem(item.key)} checked={selected} onChange={onToggle} />
        </td>
      )}
      <td>
        <Link to="/p/$slug/items/$id" params={{ slug, id: item.id }} className={css.peek}>
          {item.excluded && <Badge tone="warn">{s.records.excluded}</Badge>}
          <Peek preview={item.preview} />
          <span className={`${css.key} lw-quiet lw-small`}>{item.key}</span>
        </Link>
        {notesBelow && <NotesCell notes={item.notes} />}
      </td>
      <td dir="auto">{item.hidden ? <i className="lw-quiet lw-small">{s.records.leasedToYou}</i> : <LabelCell item={item} question={question} />}</td>
      {columns.map((column) => (
        <td key={column} className={column === "answers" ? `${css.right} lw-num` : undefined}>
          <Cell column={column} item={item} />
        </td>
      ))}
    </tr>
  );
}

function LabelCell({ item, question }: { item: ItemSummary; question: Question | undefined }) {
  if (item.label === null) return <span className="lw-quiet">–</span>;
  const at = question?.labels.findIndex((label) => label.id === item.label_id) ?? -1;
  return (
    <span className={css.labelCell}>
      {at >= 0 && <Dot color={classColor(at)} />}
      <span className="lw-clip">{item.label}</span>
      {item.provisional && <abbr className={css.provisional} title={s.records.provisionalText}>{s.records.provisional}</abbr>}
    </span>
  );
}

function Cell({ column, item }: { column: Column; item: ItemSummary }) {
  switch (column) {
    case "prediction":
      return item.prediction === null || item.prediction === undefined ? null : (
        <span className={`${css.labelCell} lw-quiet`} dir="auto">
          <span className="lw-clip">{item.prediction}</span>
          {item.confidence !== null && item.confidence !== undefined && <span className="lw-num lw-small">{figure(item.confidence)}</span>}
        </span>
      );
    case "notes":
      return <NotesCell notes={item.notes} />;
    case "asked":
      return item.asked_as ? <Asked kind={item.asked_as} /> : null;
    case "state":
      return <span className="lw-quiet lw-small">{item.split && s.records.splits[item.split]}</span>;
    case "answers":
      return item.answers;
  }
}

function Asked({ kind }: { kind: string }) {
  const look = slotLook(kind);
  return (
    <span className={`${css.labelCell} lw-quiet lw-small`}>
      <Dot color={look.color} />
      <span className="lw-clip">{look.label}</span>
    </span>
  );
}
