import { Button, Menu } from "@mantine/core";
import { Icon } from "./Icon";
import { svgOf, type Plot } from "./plot";
import { csvOf, pngOf, save, type Cell } from "./save";
import { s } from "./strings";

interface DownloadProps {
  /** The files' name, without an ending. */
  name: string;
  /** What the chart shows, as a table. */
  table: () => { columns: string[]; rows: Cell[][] };
  /** The same as a picture for a paper; left out where there is none. */
  plot?: () => Plot;
}

/** A chart's data and picture, made in the browser when they are asked for. */
export function Download({ name, table, plot }: DownloadProps) {
  const asCsv = () => {
    const { columns, rows } = table();
    save(`${name}.csv`, new Blob([csvOf(columns, rows)], { type: "text/csv" }));
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" size="compact-sm" leftSection={<Icon name="download" size={14} />} data-testid={`download-${name}`}>
          {s.common.download}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={asCsv}>{s.common.asCsv}</Menu.Item>
        {plot && <Menu.Item onClick={() => save(`${name}.svg`, new Blob([svgOf(plot())], { type: "image/svg+xml" }))}>{s.common.asSvg}</Menu.Item>}
        {plot && <Menu.Item onClick={() => void pngOf(svgOf(plot())).then((picture) => save(`${name}.png`, picture))}>{s.common.asPng}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
