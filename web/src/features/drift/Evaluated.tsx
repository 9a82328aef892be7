import { useRef } from "react";
import { Download } from "@/ui/Download";
import { toSvg } from "@/ui/download";
import { words } from "@/ui/format";
import { s } from "@/ui/strings";
import { Block } from "./Block";
import type { Onset } from "./chart";
import { Lines } from "./Lines";
import type { DriftWindow } from "./requests";

const texts = s.drift.evaluation;

/** How good the published model is on the reserve, in the same windows as what is labeled. */
export function Evaluated({ slug, metric, windows, onsets }: { slug: string; metric: string; windows: readonly DriftWindow[]; onsets: readonly Onset[] }) {
  const svg = useRef<SVGSVGElement>(null);
  const name = words(metric);
  const marks = windows.flatMap((one, k) => {
    const { value, low, high, n } = one.accuracy;
    if (value === null) return [];
    const [from, to] = [low ?? value, high ?? value];
    return [{ x: k + 0.5, value, low: from, high: to, text: texts.point(one.name, value, from, to, n) }];
  });
  const rows = windows.map((one) => ({ window: one.name, value: one.accuracy.value, low: one.accuracy.low, high: one.accuracy.high, n: one.accuracy.n }));
  return (
    <Block
      title={texts.title}
      text={texts.text}
      testId="drift-evaluated"
      action={marks.length > 0 && <Download name={`${slug} ${metric} by window`} columns={["window", "value", "low", "high", "n"]} rows={rows} picture={() => svg.current && toSvg(svg.current)} />}
    >
      {marks.length === 0 ? (
        <p className="lw-quiet">{texts.none}</p>
      ) : (
        <Lines lines={[{ name, color: "var(--lw-accent)", marks }]} label={texts.chart(name)} xName={s.drift.window} yName={name} names={windows.map((one) => one.name)} onsets={onsets} svg={svg} />
      )}
    </Block>
  );
}
