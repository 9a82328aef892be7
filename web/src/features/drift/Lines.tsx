import { useState, type RefObject } from "react";
import { ends, type Line, type Onset } from "./chart";
import { Frame } from "./Frame";
import css from "./drift.module.css";

interface Props {
  lines: readonly Line[];
  label: string;
  xName: string;
  yName: string;
  names: readonly string[];
  onsets: readonly Onset[];
  limit?: { value: number; text: string } | undefined;
  svg: RefObject<SVGSVGElement | null>;
}

/** Lines over windows, each point with its interval. */
export function Lines({ lines, limit, label, ...frame }: Props) {
  const [picked, setPicked] = useState<string | null>(null);
  return (
    <Frame {...frame} label={label} limit={limit} ends={ends(lines, limit ? [limit.value] : [])} caption={picked ?? label}>
      {(across, up) =>
        lines.map((line) => (
          <g key={line.name} style={{ color: line.color }}>
            <polyline className={css.line} points={line.marks.map((mark) => `${across(mark.x)},${up(mark.value)}`).join(" ")} />
            {line.marks.map((mark) => (
              <g key={mark.x} role="img" tabIndex={0} className={css.point} aria-label={mark.text} onFocus={() => setPicked(mark.text)} onMouseEnter={() => setPicked(mark.text)}>
                <line className={css.bar} x1={across(mark.x)} x2={across(mark.x)} y1={up(mark.high)} y2={up(mark.low)} />
                <rect className={css.target} x={across(mark.x) - 12} y={up(mark.value) - 12} width={24} height={24} />
                <circle className={css.mark} cx={across(mark.x)} cy={up(mark.value)} r={4.5} />
              </g>
            ))}
          </g>
        ))
      }
    </Frame>
  );
}
