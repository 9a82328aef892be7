/** Pictures of charts for papers: one SVG with axes, lines, bands and bars, black on white. Pure. */

export interface PlotPoint {
  x: number;
  y: number;
  low?: number;
  high?: number;
}

export interface PlotSeries {
  name: string;
  color: string;
  points: readonly PlotPoint[];
  /** How the interval is drawn: an area along the line, or a bar at each point. */
  interval: "band" | "bars";
  dashed?: boolean;
}

export interface Plot {
  x: string;
  y: string;
  series: readonly PlotSeries[];
  /** A horizontal line with its name. */
  target?: { value: number; name: string } | undefined;
}

const [WIDTH, HEIGHT] = [480, 320];
const [LEFT, RIGHT, TOP] = [56, 12, 12];
const FONT = 'font-family="Helvetica, Arial, sans-serif" font-size="11" fill="#000"';

/** Round numbers between two, about as many as asked for. */
export function ticks(low: number, high: number, wanted = 7): number[] {
  const raw = (high - low || 1) / wanted;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * size >= raw) ?? 10) * size;
  const first = Math.ceil(low / step - 1e-9);
  const n = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, n) }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** The picture, 480 x 320, which fits a column of a paper. */
export function svgOf(plot: Plot): string {
  const named = plot.series.filter((one) => one.points.length > 0);
  const every = named.flatMap((one) => one.points);
  const ys = [...every.flatMap((p) => [p.y, p.low ?? p.y, p.high ?? p.y]), ...(plot.target ? [plot.target.value] : [])];
  const [x0, x1] = spread(every.map((p) => p.x), 0.02);
  const [y0, y1] = spread(ys, 0.04);
  const bottom = HEIGHT - 44 - 16 * named.length;
  const at = (x: number) => LEFT + ((x - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const up = (y: number) => bottom - ((y - y0) / (y1 - y0)) * (bottom - TOP);
  const line = (a: number, b: number, c: number, d: number, look: string) => `<line x1="${px(a)}" y1="${px(b)}" x2="${px(c)}" y2="${px(d)}" ${look}/>`;
  const text = (x: number, y: number, words: string, more: string) => `<text x="${px(x)}" y="${px(y)}" ${FONT} ${more}>${escaped(words)}</text>`;
  const black = 'stroke="#000" stroke-width="1"';
  const parts = [
    line(LEFT, TOP, LEFT, bottom, black),
    line(LEFT, bottom, WIDTH - RIGHT, bottom, black),
    ...ticks(x0, x1).flatMap((x) => [line(at(x), bottom, at(x), bottom + 4, black), text(at(x), bottom + 16, String(x), 'text-anchor="middle"')]),
    ...ticks(y0, y1).flatMap((y) => [line(LEFT - 4, up(y), LEFT, up(y), black), text(LEFT - 7, up(y) + 4, String(y), 'text-anchor="end"')]),
    text((LEFT + WIDTH - RIGHT) / 2, bottom + 32, plot.x, 'text-anchor="middle"'),
    `<text transform="translate(14 ${px((TOP + bottom) / 2)}) rotate(-90)" ${FONT} text-anchor="middle">${escaped(plot.y)}</text>`,
    ...named.flatMap((one) => drawn(one, at, up)),
    ...named.flatMap((one, k) => {
      const y = bottom + 46 + 16 * k;
      return [line(LEFT, y - 4, LEFT + 22, y - 4, look(one)), text(LEFT + 28, y, one.name, "")];
    }),
  ];
  if (plot.target) {
    const y = up(plot.target.value);
    parts.push(line(LEFT, y, WIDTH - RIGHT, y, 'stroke="#555" stroke-width="1" stroke-dasharray="6 4"'), text(LEFT + 4, y - 4, plot.target.name, ""));
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><rect width="100%" height="100%" fill="#fff"/>${parts.join("")}</svg>`;
}

function drawn(one: PlotSeries, at: (x: number) => number, up: (y: number) => number): string[] {
  const bounded = one.points.filter((p) => p.low !== undefined && p.high !== undefined);
  const path = (points: readonly PlotPoint[], y: (p: PlotPoint) => number) => points.map((p) => `${px(at(p.x))},${px(up(y(p)))}`);
  const interval =
    one.interval === "bars"
      ? bounded.map((p) => `<line x1="${px(at(p.x))}" y1="${px(up(p.low ?? p.y))}" x2="${px(at(p.x))}" y2="${px(up(p.high ?? p.y))}" stroke="${one.color}" stroke-width="1"/>`)
      : [`<polygon points="${[...path(bounded, (p) => p.high ?? p.y), ...path(bounded.toReversed(), (p) => p.low ?? p.y)].join(" ")}" fill="${one.color}" fill-opacity="0.15"/>`];
  return [
    ...interval,
    `<polyline points="${path(one.points, (p) => p.y).join(" ")}" fill="none" ${look(one)}/>`,
    ...one.points.map((p) => `<circle cx="${px(at(p.x))}" cy="${px(up(p.y))}" r="2.5" fill="${one.color}"/>`),
  ];
}

function look(one: PlotSeries): string {
  return `stroke="${one.color}" stroke-width="1.5"${one.dashed ? ' stroke-dasharray="3 3"' : ""}`;
}

/** What an axis spans, with some air; never of length 0. */
function spread(values: readonly number[], air: number): [number, number] {
  const low = Math.min(...values), high = Math.max(...values);
  const more = (high - low || Math.abs(high) || 1) * air;
  return values.length === 0 ? [0, 1] : [low - more, high + more];
}

function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
