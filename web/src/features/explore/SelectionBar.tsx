import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { SelectionActions } from "@/selection/SelectionActions";
import { fileName, save, toCsv } from "@/ui/download";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import { wordsOf, type Colouring } from "./binary";
import css from "./explore.module.css";
import { idOf } from "./state";

const texts = s.explore.bar;
const MOST = 50_000; // of a slice; only the first ones are asked first

interface Props {
  slug: string;
  ordinals: readonly number[];
  colouring: Colouring;
  /** What encloses exactly these, where a line was drawn around them. */
  area: string | null;
  /** The words that selected them, where it was a search. */
  search: string;
  onLike: (id: string) => void;
  onClear: () => void;
}

/** What can be done with the points that are selected. */
export function SelectionBar({ slug, ordinals, colouring, area, search, onLike, onClear }: Props) {
  const [only] = ordinals;
  const download = () => {
    const rows = ordinals.map((ordinal) => ({ item: idOf(ordinal), [colouring.legend.by]: wordsOf(colouring.legend, colouring.codes[ordinal] ?? 255, s.explore.legend.rest) }));
    save(fileName(`${slug} selection`, "csv"), new Blob([toCsv(["item", colouring.legend.by], rows)], { type: "text/csv;charset=utf-8" }));
  };
  return (
    <div className={css.bar} role="toolbar" aria-label={texts.selected(ordinals.length)} data-testid="selection">
      <b className="lw-num" aria-live="polite">{texts.selected(ordinals.length)}</b>
      {ordinals.length === 1 && only !== undefined && (
        <Button size="compact-sm" variant="default" onClick={() => onLike(idOf(only))}>
          {texts.like}
        </Button>
      )}
      {(search !== "" || (area !== null && ordinals.length > 0)) && (
        <Button size="compact-sm" variant="default" component={Link} to="/p/$slug/items" params={{ slug } as never} search={(search === "" ? { area } : { search }) as never} data-testid="in-items">
          {texts.open}
        </Button>
      )}
      <Button size="compact-sm" variant="default" leftSection={<Icon name="download" size={14} />} onClick={download}>
        {texts.download}
      </Button>
      <SelectionActions slug={slug} items={ordinals.slice(0, MOST).map(idOf)} />
      <Button size="compact-sm" variant="subtle" onClick={onClear}>
        {texts.clear}
      </Button>
    </div>
  );
}
