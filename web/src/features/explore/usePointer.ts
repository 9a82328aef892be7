import { useRef, type PointerEvent, type RefObject } from "react";
import type { Line } from "./geometry";
import { moved, toPlace, zoomed, type Size, type View } from "./view";

const CLICK_PX = 5;

interface Props {
  size: Size;
  view: RefObject<View>;
  lasso: boolean;
  onView: (view: View) => void;
  /** The line as it is drawn, in pixels; null when it ends. */
  onLine: (line: Line | null) => void;
  onLasso: (line: Line) => void;
  onClick: (px: number, py: number) => void;
  onHover: (px: number, py: number) => void;
}

/** Dragging moves the map or, with Shift or the tool, draws a line around points; two fingers zoom. */
export function usePointer({ size, view, lasso, onView, onLine, onLasso, onClick, onHover }: Props) {
  const down = useRef(new Map<number, [number, number]>());
  const line = useRef<[number, number][] | null>(null);
  const travelled = useRef(0);
  const at = (event: PointerEvent<HTMLElement>): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const end = (event: PointerEvent<HTMLElement>) => {
    if (!down.current.delete(event.pointerId)) return;
    const drawn = line.current;
    line.current = null;
    onLine(null);
    if (travelled.current <= CLICK_PX) onClick(...at(event));
    else if (drawn) onLasso(drawn.map(([x, y]) => toPlace(view.current, size, x, y)));
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      down.current.set(event.pointerId, at(event));
      travelled.current = down.current.size > 1 ? Infinity : 0;
      line.current = down.current.size === 1 && (lasso || event.shiftKey) ? [at(event)] : null;
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const [x, y] = at(event);
      const before = down.current.get(event.pointerId);
      if (!before) return onHover(x, y);
      travelled.current += Math.hypot(x - before[0], y - before[1]);
      const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
      down.current.set(event.pointerId, [x, y]);
      if (other) {
        const factor = Math.hypot(x - other[0], y - other[1]) / Math.max(1, Math.hypot(before[0] - other[0], before[1] - other[1]));
        return onView(zoomed(view.current, size, factor, (x + other[0]) / 2, (y + other[1]) / 2));
      }
      if (!line.current) return onView(moved(view.current, size, x - before[0], y - before[1]));
      line.current.push([x, y]);
      onLine([...line.current]);
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
