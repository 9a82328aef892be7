import { Menu } from "@mantine/core";
import { useState } from "react";
import type { Columns as ColumnsOf, Preview } from "@/api/types";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import css from "./create.module.css";
import { roleOf, SINGLE_ROLES, type Role } from "./model";

const ROLES: readonly Role[] = [...SINGLE_ROLES.slice(0, 3), "features", ...SINGLE_ROLES.slice(3), "none"];
const FEATURES_SHOWN = 8;

interface Props {
  preview: Preview;
  columns: ColumnsOf;
  busy: boolean;
  onAssign: (column: string, role: Role) => void;
}

/** Every column as a chip that says what it holds; a click changes it. */
export function Columns({ preview, columns, busy, onAssign }: Props) {
  const [all, setAll] = useState(false);
  const named = preview.all_columns.filter((column) => roleOf(column, columns) !== "features");
  const features = preview.all_columns.filter((column) => roleOf(column, columns) === "features");
  const shown = all ? features : features.slice(0, FEATURES_SHOWN);
  return (
    <div className={css.columns}>
      <p className="lw-quiet lw-small">{s.create.columnsText}</p>
      <div className={css.chips}>
        {[...named, ...shown].map((column) => {
          const role = roleOf(column, columns);
          return (
            <Menu key={column} position="bottom-start" width={300} transitionProps={{ duration: 80 }}>
              <Menu.Target>
                <button type="button" className={css.chip} data-role={role} disabled={busy} data-testid={`column-${column}`}>
                  <span dir="auto" className="lw-clip">{column}</span>
                  <b>{s.create.roles[role]}</b>
                  <Icon name="down" size={12} />
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                {ROLES.map((one) => (
                  <Menu.Item key={one} onClick={() => onAssign(column, one)} rightSection={one === role ? <Icon name="check" size={14} /> : undefined}>
                    {s.create.roles[one]}
                    <span className={`${css.roleHelp} lw-quiet lw-small`}>{s.create.roleHelp[one]}</span>
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          );
        })}
        {features.length > shown.length && (
          <button type="button" className={css.chip} onClick={() => setAll(true)}>
            {s.create.moreColumns(features.length - shown.length)}
          </button>
        )}
      </div>
    </div>
  );
}
