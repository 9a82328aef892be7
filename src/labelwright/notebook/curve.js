// A line with its interval, drawn anew whenever the points change.
const NS = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [560, 240, 44, 12, 10, 30];

function svg(tag, attributes, text) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

export default {
  render({ model, el }) {
    const root = document.createElement("div");
    root.className = "lw-curve";
    el.append(root);
    function draw() {
      const points = model.get("points").filter(([, value]) => value !== null);
      const counts = model.get("counts").map(([label, n]) => `${label} ${n}`).join(" · ");
      const caption = document.createElement("p");
      const last = points.at(-1);
      if (!last) {
        caption.textContent = `No ${model.get("name")} yet. Labels: ${counts || "none"}`;
        root.replaceChildren(caption);
        return;
      }
      const values = points.flatMap(([, value, low, high]) => [value, low ?? value, high ?? value]);
      const [min, max] = [Math.min(...values), Math.max(...values)];
      const pad = (max - min || 0.1) * 0.08;
      const x = (n) => LEFT + ((WIDTH - LEFT - RIGHT) * n) / (last[0] || 1);
      const y = (v) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (v - min + pad) / (max - min + 2 * pad || 1));
      const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
      picture.append(svg("title", {}, `${model.get("name")} ${last[1].toFixed(3)} with ${last[0]} labels`));
      for (const value of [min, (min + max) / 2, max]) {
        picture.append(svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value), class: "lw-grid" }));
        picture.append(svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, value.toFixed(2)));
      }
      const banded = points.filter(([, , low, high]) => low !== null && high !== null);
      if (banded.length > 1) {
        const upper = banded.map(([n, , , high]) => `${x(n)},${y(high)}`);
        const lower = banded.map(([n, , low]) => `${x(n)},${y(low)}`).reverse();
        picture.append(svg("polygon", { points: [...upper, ...lower].join(" "), class: "lw-band" }));
      }
      picture.append(svg("polyline", { points: points.map(([n, value]) => `${x(n)},${y(value)}`).join(" "), class: "lw-line" }));
      for (const [n, value] of points) picture.append(svg("circle", { cx: x(n), cy: y(value), r: 3, class: "lw-dot" }));
      picture.append(svg("text", { x: WIDTH - RIGHT, y: HEIGHT - 8, "text-anchor": "end" }, `${last[0]} labels`));
      const band = last[2] === null || last[3] === null ? "" : ` (95 %: ${last[2].toFixed(3)} to ${last[3].toFixed(3)})`;
      caption.textContent = `${model.get("name")} ${last[1].toFixed(3)}${band} with ${last[0]} labels: ${counts}`;
      root.replaceChildren(picture, caption);
    }
    model.on("change:points", draw);
    model.on("change:counts", draw);
    draw();
  },
};
