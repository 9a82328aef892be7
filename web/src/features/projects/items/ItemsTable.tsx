import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ItemSummary, Question } from "@/api/types";
import { classColor } from "@/ui/colors";
import { figure } from "@/ui/format";
import { Badge, Dot, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./items.module.css";

interface Props {
  slug: string;
  items: readonly ItemSummary[];
  question: Question | undefined;
  busy: boolean;
  selected: ReadonlySet<string>;
  /** Missing where the person may not change items. */
  onSelect: ((selected: ReadonlySet<string>) => void) | undefined;
}

export function ItemsTable({ slug, items, question, busy, selected, onSelect }: Props) {
  const all = items.length > 0 && items.every((item) => selected.has(item.id));
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect?.(next);
  };
  return (
    <table className={css.table} data-busy={busy || undefined} aria-busy={busy}>
      <thead>
        <tr>
          {onSelect && (
            <th className={css.check}>
              <Checkbox size="xs" aria-label={s.records.selectAll} checked={all} indeterminate={!all && selected.size > 0} onChange={() => onSelect(new Set(all ? [] : items.map((item) => item.id)))} />
            </th>
          )}
          <th className={css.item}>{s.records.columns.item}</th>
          <th>{s.records.columns.label}</th>
          <th className={css.wider}>{s.records.columns.prediction}</th>
          <th className={`${css.wide} ${css.state}`}>{s.records.columns.state}</th>
          <th className={css.right}>{s.records.columns.answers}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id} data-excluded={item.excluded || undefined} data-testid="item-row">
            {onSelect && (
              <td className={css.check}>
                <Checkbox size="xs" aria-label={s.records.selectItem(item.key)} checked={selected.has(item.id)} onChange={() => toggle(item.id)} />
              </td>
            )}
            <td>
              <Link to="/p/$slug/items/$id" params={{ slug, id: item.id }} className={css.peek}>
                {item.excluded && <span className={css.narrow}><Badge tone="warn">{s.records.excluded}</Badge></span>}
                <Peek preview={item.preview} />
                <span className={`${css.key} lw-quiet lw-small`}>{item.key}</span>
              </Link>
            </td>
            <td dir="auto">{item.hidden ? <i className="lw-quiet lw-small lw-num">{s.records.leasedToYou}</i> : <LabelCell item={item} question={question} />}</td>
            <td className={`${css.wider} lw-quiet`} dir="auto">
              {item.prediction !== null && item.prediction !== undefined && (
                <span className={css.labelCell}>
                  <span className="lw-clip">{item.prediction}</span>
                  {item.confidence !== null && item.confidence !== undefined && <span className="lw-num lw-small">{figure(item.confidence)}</span>}
                </span>
              )}
            </td>
            <td className={`${css.wide} lw-quiet lw-small`}>
              {item.excluded ? <Badge tone="warn">{s.records.excluded}</Badge> : item.split && s.records.splits[item.split]}
            </td>
            <td className={`${css.right} lw-num`}>{item.answers}</td>
          </tr>
        ))}
      </tbody>
    </table>
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
