import { ActionIcon, Menu } from "@mantine/core";
import type { RefObject } from "react";
import { fileName, save, toCsv, toPng, toSvg, type Row } from "./download";
import { Icon } from "./Icon";
import { s } from "./strings";

interface Props {
  /** What it is, for the file's name and for screen readers. */
  name: string;
  columns: readonly string[];
  rows: readonly Row[];
  chart?: RefObject<SVGSVGElement | null>;
}

/** A table, and its chart, as files. */
export function Download({ name, columns, rows, chart }: Props) {
  const csv = () => save(fileName(name, "csv"), toCsv(columns, rows), "text/csv;charset=utf-8");
  if (!chart) {
    return (
      <ActionIcon variant="subtle" color="gray" onClick={csv} title={s.download.csv} aria-label={s.download.label(name)}>
        <Icon name="download" />
      </ActionIcon>
    );
  }
  const drawn = (use: (svg: SVGSVGElement) => void) => () => chart.current && use(chart.current);
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" title={s.download.title} aria-label={s.download.label(name)}>
          <Icon name="download" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={csv}>{s.download.csv}</Menu.Item>
        <Menu.Item onClick={drawn((svg) => save(fileName(name, "svg"), toSvg(svg), "image/svg+xml"))}>{s.download.svg}</Menu.Item>
        <Menu.Item onClick={drawn((svg) => void toPng(svg).then((png) => save(fileName(name, "png"), png, "image/png")))}>{s.download.png}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
