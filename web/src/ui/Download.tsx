import { Button, Menu } from "@mantine/core";
import { fileName, pngOf, save, toCsv, type Row } from "./download";
import { Icon } from "./Icon";
import { s } from "./strings";

interface Props {
  /** What it is, for the file's name and for screen readers. */
  name: string;
  columns: readonly string[];
  rows: readonly Row[];
  /** The same as an SVG, made when it is asked for; left out where there is no picture. */
  picture?: () => string | null;
}

/** A table, and its chart, as files that the browser makes. */
export function Download({ name, columns, rows, picture }: Props) {
  const look = { variant: "subtle", size: "compact-sm", leftSection: <Icon name="download" size={14} />, "aria-label": s.download.label(name), style: { flexShrink: 0 } } as const;
  const csv = () => save(fileName(name, "csv"), new Blob([toCsv(columns, rows)], { type: "text/csv;charset=utf-8" }));
  if (!picture) {
    return (
      <Button {...look} onClick={csv} title={s.download.csv}>
        {s.download.title}
      </Button>
    );
  }
  const drawn = (use: (svg: string) => void) => () => {
    const svg = picture();
    if (svg !== null) use(svg);
  };
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <Button {...look} title={s.download.title}>
          {s.download.title}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={csv}>{s.download.csv}</Menu.Item>
        <Menu.Item onClick={drawn((svg) => save(fileName(name, "svg"), new Blob([svg], { type: "image/svg+xml" })))}>{s.download.svg}</Menu.Item>
        <Menu.Item onClick={drawn((svg) => void pngOf(svg).then((png) => save(fileName(name, "png"), png)))}>{s.download.png}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
