import { Button, Checkbox } from "@mantine/core";
import { count } from "@/ui/format";
import { Dot } from "@/ui/parts";
import { s } from "@/ui/strings";
import { NONE, STEPS, withCodes, type Colouring } from "./binary";
import css from "./explore.module.css";
import { cssOf, inkOf, rampAt, type Inks } from "./palette";

const texts = s.explore.legend;
const STOPS = [0, 0.25, 0.5, 0.75, 1];

interface Props {
  colouring: Colouring;
  hidden: ReadonlySet<number>;
  inks: Inks;
  onHidden: (hidden: ReadonlySet<number>) => void;
  onSelect: (ordinals: number[], name: string) => void;
}

/** What colours mean, with counts; an entry is hidden and shown, and its points are selected, also by keyboard. */
export function Legend({ colouring, hidden, inks, onHidden, onSelect }: Props) {
  const { legend, codes } = colouring;
  const none = { code: NONE, name: texts.none[legend.by] ?? texts.noValue, n: legend.n_none };
  const values = legend.entries.map((one, code) => ({ code, name: nameOf(legend.by, one.name), n: one.n })).filter((one) => one.n > 0);
  const lines = none.n > 0 ? [...values, none] : values;
  const toggle = (code: number) => {
    const next = new Set(hidden);
    if (!next.delete(code)) next.add(code);
    onHidden(next);
  };
  return (
    <section className={css.legend} aria-label={texts.title} data-testid="legend">
      {legend.kind === "range" && legend.low !== null && legend.high !== null && (
        <div className={css.range}>
          <div className={css.ramp} style={{ background: `linear-gradient(to right, ${STOPS.map((at) => cssOf(rampAt(at))).join(", ")})` }} />
          <div className={css.ends}>
            <span className="lw-num lw-small">{short(legend.low)}</span>
            <Button size="compact-xs" variant="subtle" onClick={() => onSelect(topOf(codes), texts.highest)}>
              {texts.selectHighest}
            </Button>
            <span className="lw-num lw-small">{short(legend.high)}</span>
          </div>
        </div>
      )}
      <ul>
        {lines.map((one) => (
          <li key={one.code}>
            <Checkbox size="xs" checked={!hidden.has(one.code)} onChange={() => toggle(one.code)} aria-label={texts.show(one.name)} />
            <Dot color={cssOf(inkOf(legend, one.code, inks))} />
            <button type="button" title={texts.select(one.name)} aria-label={texts.selectN(one.name, one.n)} onClick={() => onSelect(withCodes(codes, new Set([one.code])), one.name)}>
              <span className="lw-clip" dir="auto">{one.name}</span>
            </button>
            <span className="lw-num lw-quiet lw-small">{count(one.n)}</span>
          </li>
        ))}
      </ul>
      {hidden.size > 0 && (
        <Button size="compact-sm" variant="subtle" onClick={() => onHidden(new Set())}>
          {texts.showAll}
        </Button>
      )}
    </section>
  );
}

function nameOf(by: string, name: string | null): string {
  if (name === null) return texts.rest;
  return (by === "error" || by === "split" ? texts.words[name] : undefined) ?? name;
}

const short = (value: number) => String(Number(value.toPrecision(3)));

/** The items with the highest values of a range: the upper tenth of it. */
function topOf(codes: Uint8Array): number[] {
  const codesOfTop = Array.from({ length: STEPS / 10 + 1 }, (_, k) => STEPS - k);
  return withCodes(codes, new Set(codesOfTop));
}
