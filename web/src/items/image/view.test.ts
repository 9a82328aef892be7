import { expect, it } from "vitest";
import { drag, FIT, isTiny, NEUTRAL, pan, zoomAt } from "./view";

it("keeps the point under the pointer in place", () => {
  const view = zoomAt(FIT, 2, 50, -20);
  // A point p of the image lies at view + zoom * p; (50, -20) was shown there at zoom 1.
  expect([view.x + view.zoom * 50, view.y + view.zoom * -20]).toEqual([50, -20]);
});

it("never zooms out beyond the whole image", () => {
  expect(zoomAt({ zoom: 1.5, x: 30, y: 30 }, 0.1, 0, 0)).toEqual(FIT);
});

it("keeps the image within reach", () => {
  expect(pan({ zoom: 2, x: 0, y: 0 }, 9999, -9999, 100, 50)).toEqual({ zoom: 2, x: 100, y: -50 });
});

it("brightens upwards and sharpens sideways", () => {
  expect(drag(NEUTRAL, 100, -100)).toEqual({ brightness: 1.5, contrast: 1.5 });
});

it("knows tiny images", () => {
  expect(isTiny(8, 8)).toBe(true);
  expect(isTiny(640, 48)).toBe(false);
});
