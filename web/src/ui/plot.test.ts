import { expect, it } from "vitest";
import { svgOf, ticks } from "./plot";

it("puts ticks at round numbers within the axis", () => {
  expect(ticks(0, 100)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticks(0.61, 0.89)).toEqual([0.65, 0.7, 0.75, 0.8, 0.85]);
  expect(ticks(17, 443)).toEqual([100, 200, 300, 400]);
});

it("draws a line with its band, bars, names and the target", () => {
  const points = [{ x: 10, y: 0.5, low: 0.4, high: 0.6 }, { x: 20, y: 0.7, low: 0.6, high: 0.8 }];
  const svg = svgOf({
    x: "labels", y: "Accuracy", target: { value: 0.9, name: "target 0.9" },
    series: [{ name: "A < B", color: "#000", points, interval: "band" }, { name: "arm", color: "#555", points, interval: "bars", dashed: true }],
  });
  expect(svg.match(/<polygon /g)?.length).toBe(1);
  expect(svg.match(/<circle /g)?.length).toBe(4);
  for (const text of ["A &lt; B", "arm", "labels", "Accuracy", "target 0.9"]) expect(svg).toContain(`>${text}</text>`);
});

it("draws what stands at one point and nothing at all", () => {
  expect(svgOf({ x: "", y: "", series: [{ name: "one", color: "#000", points: [{ x: 5, y: 1 }], interval: "bars" }] })).not.toContain("NaN");
  expect(svgOf({ x: "", y: "", series: [] })).not.toContain("NaN");
});
