import { useElementSize } from "@mantine/hooks";
import { useRef } from "react";
import { Download } from "@/ui/Download";
import { toSvg } from "@/ui/download";
import { count } from "@/ui/format";
import { s } from "@/ui/strings";
import type { SearchLook } from "./requests";
import css from "./search.module.css";

const HEIGHT = 220;
const LEFT = 46;
const texts = s.search;

/** Relevant items found against items reviewed, as the ranking brought them. */
export function Gain({ slug, looks }: { slug: string; looks: readonly SearchLook[] }) {
  const svg = useRef<SVGSVGElement>(null);
  const { ref, width } = useElementSize<HTMLDivElement>();
  const last = looks.at(-1);
  if (!last || looks.length < 2) return <p className="lw-quiet">{texts.gainEmpty}</p>;
  const right = Math.max(last.n_seen, 1);
  const top = Math.max(last.n_found, 1);
  const x = (n: number) => LEFT + (n / right) * Math.max(0, width - LEFT - 12);
  const y = (n: number) => HEIGHT - 34 - (n / top) * (HEIGHT - 50);
  const path = looks.map((look, k) => `${k === 0 ? "M" : "L"}${x(look.n_seen).toFixed(1)},${y(look.n_found).toFixed(1)}`).join("");
  return (
    <figure className={css.gain}>
      <div ref={ref}>
        {width > 0 && (
          <svg ref={svg} width={width} height={HEIGHT} role="img" aria-label={texts.gainText(last.n_found, last.n_seen)}>
            {[0, 0.5, 1].map((share) => (
              <g key={share}>
                <line className={css.grid} x1={LEFT} x2={width - 12} y1={y(share * top)} y2={y(share * top)} />
                <text x={LEFT - 8} y={y(share * top) + 4} textAnchor="end">{count(Math.round(share * top))}</text>
                <text x={x(share * right)} y={HEIGHT - 16} textAnchor={share === 1 ? "end" : share === 0 ? "start" : "middle"}>{count(Math.round(share * right))}</text>
              </g>
            ))}
            <path d={path} />
            {looks.map((look) => (
              <circle key={look.cycle} cx={x(look.n_seen)} cy={y(look.n_found)} r={2.5} />
            ))}
          </svg>
        )}
      </div>
      <figcaption className="lw-quiet lw-small">
        {texts.gainCaption} <Download name={`${slug} search`} columns={["cycle", "n_seen", "n_found"]} rows={looks.map((look) => ({ ...look }))} picture={() => svg.current && toSvg(svg.current)} />
      </figcaption>
    </figure>
  );
}
