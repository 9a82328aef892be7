/** Where the map is looked at from: positions are in the unit square, y up; the window has pixels, y down. Pure. */
export interface View {
  /** The point in the middle of the window. */
  x: number;
  y: number;
  /** 1: the whole square just fits into the window. */
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export const WHOLE: View = { x: 0.5, y: 0.5, zoom: 1 };
const LEAST = 0.5;
const MOST = 4000;
const MARGIN = 0.94;

/** Pixels of the square's side. */
export function sideOf(view: View, size: Size): number {
  return Math.min(size.width, size.height) * MARGIN * view.zoom;
}

export function toPlace(view: View, size: Size, px: number, py: number): [number, number] {
  const side = sideOf(view, size);
  return [view.x + (px - size.width / 2) / side, view.y - (py - size.height / 2) / side];
}

/** Moved by pixels. */
export function moved(view: View, size: Size, dx: number, dy: number): View {
  const side = sideOf(view, size);
  const inside = (value: number) => Math.min(1.2, Math.max(-0.2, value));
  return { ...view, x: inside(view.x - dx / side), y: inside(view.y + dy / side) };
}

/** Nearer or farther by a factor, with what is under a pixel staying there. */
export function zoomed(view: View, size: Size, factor: number, px = size.width / 2, py = size.height / 2): View {
  const zoom = Math.min(MOST, Math.max(LEAST, view.zoom * factor));
  const [x, y] = toPlace(view, size, px, py);
  const ratio = view.zoom / zoom;
  return { zoom, x: x + (view.x - x) * ratio, y: y + (view.y - y) * ratio };
}
