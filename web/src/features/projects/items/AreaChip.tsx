import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import css from "./items.module.css";
import { areaQuery } from "./requests";

/** Says that the list is what was selected on the map, and takes that away. */
export function AreaChip({ slug, area, onRemove }: { slug: string; area: string; onRemove: () => void }) {
  const n = useQuery(areaQuery(slug, area)).data;
  return (
    <div className={css.area} data-testid="area">
      <Button size="compact-sm" variant="light" rightSection={<Icon name="close" size={14} />} onClick={onRemove} title={s.records.removeArea} aria-label={`${s.records.ofArea(n ?? null)}. ${s.records.removeArea}`}>
        {s.records.ofArea(n ?? null)}
      </Button>
      <Link to="/p/$slug/explore" params={{ slug } as never} className="lw-small">
        {s.records.backToMap}
      </Link>
    </div>
  );
}
