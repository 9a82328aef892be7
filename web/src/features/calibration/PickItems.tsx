import { Button, Checkbox } from "@mantine/core";
import { isPicture, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./calibration.module.css";
import type { Group } from "./requests";

interface Props {
  groups: readonly Group[];
  picked: readonly string[];
  onPick: (picked: readonly string[]) => void;
}

/** Items by the reason why they are proposed; an item that is in two groups is picked once. */
export function PickItems({ groups, picked, onPick }: Props) {
  const toggle = (item: string, on: boolean) => onPick(on ? [...picked.filter((one) => one !== item), item] : picked.filter((one) => one !== item));
  return (
    <>
      {groups.map((group) => {
        const ids = group.items.map((one) => one.item);
        const all = ids.every((id) => picked.includes(id));
        const others = picked.filter((one) => !ids.includes(one));
        const name = s.calibration.dialog.kinds[group.kind]?.(group.pair?.[0] ?? "", group.pair?.[1] ?? "") ?? group.kind;
        return (
          <fieldset key={`${group.kind} ${group.pair?.join(" ") ?? ""}`} className={css.group}>
            <legend dir="auto">{name}</legend>
            <Button size="compact-xs" variant="subtle" aria-label={`${all ? s.calibration.dialog.none : s.calibration.dialog.all}: ${name}`} onClick={() => onPick(all ? others : [...others, ...ids])}>
              {all ? s.calibration.dialog.none : s.calibration.dialog.all}
            </Button>
            {group.items.map((one) => {
              const split = Object.entries(one.answers).map(([label, n]) => `${label} ${n}`).join(", ");
              return (
                <Checkbox
                  key={one.item}
                  checked={picked.includes(one.item)}
                  onChange={(event) => toggle(one.item, event.currentTarget.checked)}
                  classNames={{ body: css.check, labelWrapper: css.checkLabel }}
                  label={isPicture(one.preview) ? <Peek preview={one.preview} /> : <span className={css.preview} dir="auto">{one.preview}</span>}
                  description={[split, one.label, one.rule, one.confidence === null ? null : s.calibration.dialog.sure(one.confidence)].filter(Boolean).join(" · ")}
                />
              );
            })}
          </fieldset>
        );
      })}
    </>
  );
}
