import { ActionIcon, Menu } from "@mantine/core";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import { COLUMNS, toggled, type Column } from "./columns";

interface Props {
  shown: readonly Column[];
  isChosen: boolean;
  onChoose: (columns: Column[] | null) => void;
}

/** Which columns the table has. */
export function ColumnMenu({ shown, isChosen, onChoose }: Props) {
  return (
    <Menu position="bottom-end" width={200} closeOnItemClick={false} transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={s.records.chooseColumns} title={s.records.chooseColumns} data-testid="columns">
          <Icon name="columns" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {COLUMNS.map((column) => (
          <Menu.CheckboxItem key={column} checked={shown.includes(column)} onChange={() => onChoose(toggled(shown, column))}>
            {s.records.columns[column]}
          </Menu.CheckboxItem>
        ))}
        <Menu.Divider />
        <Menu.Item disabled={!isChosen} onClick={() => onChoose(null)}>
          {s.records.defaultColumns}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
