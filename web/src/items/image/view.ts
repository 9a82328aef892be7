/** Zoom, pan and window/level as plain numbers. Pure. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

export interface Window {
  brightness: number;
  contrast: number;
}

export const FIT: View = { zoom: 1, x: 0, y: 0 };
export const NEUTRAL: Window = { brightness: 1, contrast: 1 };
const MAX_ZOOM = 24;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Zoom by a factor so that the point (px, py), measured from the centre, stays where it is. */
export function zoomAt(view: View, factor: number, px: number, py: number): View {
  const zoom = clamp(view.zoom * factor, 1, MAX_ZOOM);
  if (zoom === 1) return FIT;
  const by = zoom / view.zoom;
  return { zoom, x: px - (px - view.x) * by, y: py - (py - view.y) * by };
}

export function pan(view: View, dx: number, dy: number, width: number, height: number): View {
  const roomX = (width * view.zoom) / 2;
  const roomY = (height * view.zoom) / 2;
  return { ...view, x: clamp(view.x + dx, -roomX, roomX), y: clamp(view.y + dy, -roomY, roomY) };
}

/** Level by moving up and down, window by moving sideways, as radiologists know it. */
export function drag(window: Window, dx: number, dy: number): Window {
  return { brightness: clamp(window.brightness - dy / 200, 0.1, 4), contrast: clamp(window.contrast + dx / 200, 0.1, 6) };
}

/** Below this an image is shown in whole pixels, not blurred. */
export function isTiny(width: number, height: number): boolean {
  return Math.max(width, height) <= 64;
}
