import { useRef, useState } from "react";
import { classColor } from "@/ui/colors";
import { Download } from "@/ui/Download";
import { toSvg } from "@/ui/download";
import { s } from "@/ui/strings";
import { Block } from "./Block";
import type { Onset } from "./chart";
import { Frame } from "./Frame";
import { Legend } from "./Legend";
import type { DriftWindow } from "./requests";
import css from "./drift.module.css";

const texts = s.drift.labels;

/** What people label, by window and label: bars that stand on each other. */
export function Labeled({ slug, windows, onsets }: { slug: string; windows: readonly DriftWindow[]; onsets: readonly Onset[] }) {
  const svg = useRef<SVGSVGElement>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const total = windows.reduce((sum, one) => sum + one.n_labels, 0);
  const labels = windows[0]?.counts ?? [];
  const rows = windows.map((one) => ({ window: one.name, items: one.n_items, labels: one.n_labels, ...Object.fromEntries(one.counts.map((part) => [part.name, part.n])) }));
  const told = (one: DriftWindow) =>
    texts.bar(one.name, one.n_labels, one.n_items, one.counts.filter((part) => part.n > 0).map((part) => texts.part(part.name, part.n, one.n_labels)).join(", "));
  return (
    <Block
      title={texts.title}
      text={texts.text}
      testId="drift-labeled"
      action={total > 0 && <Download name={`${slug} labels by window`} columns={["window", "items", "labels", ...labels.map((one) => one.name)]} rows={rows} picture={() => svg.current && toSvg(svg.current)} />}
    >
      {total === 0 ? (
        <p className="lw-quiet">{texts.none}</p>
      ) : (
        <>
          <Frame label={texts.chart(total)} xName={s.drift.window} yName={texts.y} names={windows.map((one) => one.name)} ends={[0, Math.max(...windows.map((one) => one.n_labels)) * 1.06]} onsets={onsets} caption={picked ?? texts.chart(total)} svg={svg}>
            {(across, up) =>
              windows.map((one, k) => {
                const parts = one.counts.length > 0 ? one.counts : [{ label: "", name: "", n: one.n_labels }];
                const before = (until: number) => parts.slice(0, until).reduce((sum, part) => sum + part.n, 0);
                return (
                  <g key={one.name} role="img" tabIndex={0} className={css.point} aria-label={told(one)} onFocus={() => setPicked(told(one))} onMouseEnter={() => setPicked(told(one))}>
                    <rect className={css.target} x={across(k + 0.12)} y={up(Math.max(one.n_labels, 1))} width={across(0.76) - across(0)} height={up(0) - up(Math.max(one.n_labels, 1))} />
                    {parts.map((part, j) => (
                      <rect key={part.label} x={across(k + 0.18)} width={across(0.64) - across(0)} y={up(before(j) + part.n)} height={up(before(j)) - up(before(j) + part.n)} fill={classColor(j)} />
                    ))}
                  </g>
                );
              })
            }
          </Frame>
          <Legend names={labels.map((one, k) => ({ name: one.name, color: classColor(k) }))} />
        </>
      )}
    </Block>
  );
}
