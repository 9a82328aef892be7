import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import { s } from "@/ui/strings";
import css from "./rounds.module.css";

interface Option {
  value: string;
  label: string;
}

interface PairProps {
  data: Option[];
  first: string;
  second: string;
  onFirst: (value: string) => void;
  onSecond: (value: string) => void;
}

/** Which two are compared. */
export function Pair({ data, first, second, onFirst, onSecond }: PairProps) {
  return (
    <div className={css.fields}>
      <Select label={s.rounds.compare.first} allowDeselect={false} searchable value={first} onChange={(value) => value && onFirst(value)} data={data} />
      <Select label={s.rounds.compare.second} allowDeselect={false} searchable value={second} onChange={(value) => value && onSecond(value)} data={data} />
    </div>
  );
}

export interface Row {
  what: string;
  first: ReactNode;
  second: ReactNode;
}

/** Lines of two things beside each other; it scrolls sideways where it is wider than the page. */
export function Beside({ label, first, second, rows }: { label: string; first: string; second: string; rows: Row[] }) {
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={css.table}>
        <thead>
          <tr>
            <td />
            <th scope="col">{first}</th>
            <th scope="col">{second}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.what}>
              <th scope="row">{row.what}</th>
              <td>{row.first}</td>
              <td>{row.second}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
