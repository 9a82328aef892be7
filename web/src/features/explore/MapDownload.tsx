import { Button, Menu } from "@mantine/core";
import { fileName, pngOf, save, toCsv } from "@/ui/download";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import { GONE, NOWHERE, wordsOf, type Colouring } from "./binary";
import { idOf } from "./state";

interface Props {
  name: string;
  positions: Uint16Array;
  colouring: Colouring;
  /** The picture as it is on the page, made when it is asked for. */
  picture: () => string | null;
}

/** The map as a file: where each point lies and what colours it, or the picture. */
export function MapDownload({ name, positions, colouring, picture }: Props) {
  const { legend, codes } = colouring;
  const csv = () => {
    const rows = [];
    for (let k = 0; k < codes.length; k++) {
      if (codes[k] === GONE || positions[2 * k] === NOWHERE) continue;
      rows.push({ item: idOf(k), x: positions[2 * k], y: positions[2 * k + 1], [legend.by]: wordsOf(legend, codes[k] ?? GONE, s.explore.legend.rest) });
    }
    save(fileName(name, "csv"), new Blob([toCsv(["item", "x", "y", legend.by], rows)], { type: "text/csv;charset=utf-8" }));
  };
  const drawn = (use: (svg: string) => void) => () => {
    const svg = picture();
    if (svg !== null) use(svg);
  };
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <Button variant="subtle" size="compact-sm" leftSection={<Icon name="download" size={14} />} aria-label={s.download.label(name)}>
          {s.download.title}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={csv}>{s.download.csv}</Menu.Item>
        <Menu.Item onClick={drawn((svg) => save(fileName(name, "svg"), new Blob([svg], { type: "image/svg+xml" })))}>{s.download.svg}</Menu.Item>
        <Menu.Item onClick={drawn((svg) => void pngOf(svg, 1).then((png) => save(fileName(name, "png"), png)))}>{s.download.png}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
