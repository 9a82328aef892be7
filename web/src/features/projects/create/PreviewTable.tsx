import type { Preview, PreviewRow } from "@/api/types";
import { cell } from "@/ui/format";
import { Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./create.module.css";

const CELLS = 5;

/** The first rows as they would be imported; what is wrong stands in its row. */
export function PreviewTable({ preview, busy }: { preview: Preview; busy: boolean }) {
  const { columns, rows } = preview;
  const names = preview.kind === "table" ? (columns.features ?? Object.keys((rows[0]?.content.row as object | undefined) ?? {})).slice(0, CELLS) : null;
  const wide = 2 + (names?.length ?? 1) + (columns.label ? 1 : 0) + (columns.group ? 1 : 0);
  return (
    <div className={css.tableBox} aria-busy={busy} data-busy={busy || undefined}>
      <table className={css.table}>
        <thead>
          <tr>
            <th>{s.create.row}</th>
            <th>{s.create.key}</th>
            {names ? names.map((name) => <th key={name} dir="auto">{name}</th>) : <th>{s.create.content}</th>}
            {columns.label && <th>{s.create.roles.label}</th>}
            {columns.group && <th>{s.create.roles.group}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.row} row={row} names={names} label={Boolean(columns.label)} group={Boolean(columns.group)} wide={wide} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, names, label, group, wide }: { row: PreviewRow; names: string[] | null; label: boolean; group: boolean; wide: number }) {
  const content = row.content as { text?: string; media?: string; row?: Record<string, unknown> };
  return (
    <>
      <tr data-problem={row.problem ? true : undefined}>
        <td className="lw-num lw-quiet">{row.row}</td>
        <td className={css.short} dir="auto">{row.key}</td>
        {names ? (
          names.map((name) => <td key={name} className={`${css.short} lw-num`}>{cell(content.row?.[name])}</td>)
        ) : (
          <td className={css.long}>
            <Peek preview={content.media ?? content.text?.slice(0, 240) ?? ""} />
          </td>
        )}
        {label && <td className={css.short} dir="auto">{row.label ?? "–"}</td>}
        {group && <td className={css.short} dir="auto">{row.group ?? "–"}</td>}
      </tr>
      {row.problem && (
        <tr data-problem>
          <td colSpan={wide} className={css.problem}>
            ↑ {row.problem}
          </td>
        </tr>
      )}
    </>
  );
}
