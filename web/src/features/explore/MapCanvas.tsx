import { ActionIcon } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { Icon } from "@/ui/Icon";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { shortened } from "./area";
import type { Colouring } from "./binary";
import css from "./explore.module.css";
import { drawnBy, gridOf, inside, nearestTo, type Line } from "./geometry";
import { paletteOf, type Inks } from "./palette";
import { Renderer } from "./renderer";
import { usePointer } from "./usePointer";
import { moved, sideOf, toPlace, WHOLE, zoomed, type View } from "./view";

const texts = s.explore.map;
const NEAR_PX = 10;
const STEP_PX = 60;
const ZOOM = 1.5;

interface Props {
  positions: Uint16Array;
  colouring: Colouring;
  hidden: ReadonlySet<number>;
  selected: readonly number[];
  inks: Inks;
  /** The line is that which encloses them, where one was drawn. */
  onSelect: (ordinals: number[], line: Line | null) => void;
  /** What is shown beside the point that the pointer is at. */
  tip: (ordinal: number) => ReactNode;
  canvas: RefObject<HTMLCanvasElement | null>;
}

/** The points, with moving, zooming and the lasso. */
export function MapCanvas({ positions, colouring, hidden, selected, inks, onSelect, tip, canvas }: Props) {
  const { ref: frame, width, height } = useElementSize();
  const renderer = useRef<Renderer | null>(null);
  const view = useRef<View>(WHOLE);
  const [isSupported, setSupported] = useState(true);
  const [tool, setTool] = useState<"move" | "lasso">("move");
  const [line, setLine] = useState<Line | null>(null);
  const [hovered, setHovered] = useState<{ ordinal: number; x: number; y: number } | null>(null);
  const size = useMemo(() => ({ width, height }), [width, height]);
  const grid = useMemo(() => gridOf(positions), [positions]);
  const isDrawn = useMemo(() => drawnBy(colouring.codes, hidden), [colouring, hidden]);

  useEffect(() => {
    const made = canvas.current && Renderer.on(canvas.current);
    renderer.current = made;
    setSupported(made !== null);
    return () => {
      made?.destroy();
      renderer.current = null;
    };
  }, [canvas]);
  const draw = useMemo(
    () => () => {
      if (size.width > 0 && size.height > 0) renderer.current?.draw(view.current, size, window.devicePixelRatio || 1);
      canvas.current?.setAttribute("data-drawn", String(positions.length / 2));
    },
    [canvas, size, positions],
  );
  useEffect(() => renderer.current?.setPositions(positions), [positions]);
  useEffect(() => renderer.current?.setCodes(colouring.codes), [colouring]);
  useEffect(() => renderer.current?.setPalette(paletteOf(colouring.legend, hidden, inks)), [colouring, hidden, inks]);
  useEffect(() => {
    const chosen = new Uint8Array(positions.length / 2);
    for (const ordinal of selected) chosen[ordinal] = 1;
    renderer.current?.setChosen(chosen, selected.length > 0);
  }, [selected, positions]);
  useEffect(draw, [draw, colouring, hidden, inks, selected]);

  const look = (next: View) => {
    view.current = next;
    setHovered(null);
    requestAnimationFrame(draw);
  };
  const under = (px: number, py: number) => nearestTo(grid, positions, isDrawn, ...toPlace(view.current, size, px, py), NEAR_PX / sideOf(view.current, size));
  const pointer = usePointer({
    size,
    view,
    lasso: tool === "lasso",
    onView: look,
    onLine: setLine,
    onLasso: (drawn) => {
      const around = shortened(drawn);
      onSelect(inside(around, positions, isDrawn), around);
    },
    onClick: (px, py) => {
      const ordinal = under(px, py);
      onSelect(ordinal === null ? [] : [ordinal], null);
    },
    onHover: (px, py) => {
      const ordinal = under(px, py);
      if (ordinal !== hovered?.ordinal) setHovered(ordinal === null ? null : { ordinal, x: px, y: py });
    },
  });
  useEffect(() => {
    const element = canvas.current;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      look(zoomed(view.current, size, Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top));
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, () => View> = {
      ArrowLeft: () => moved(view.current, size, STEP_PX, 0),
      ArrowRight: () => moved(view.current, size, -STEP_PX, 0),
      ArrowUp: () => moved(view.current, size, 0, STEP_PX),
      ArrowDown: () => moved(view.current, size, 0, -STEP_PX),
      "+": () => zoomed(view.current, size, ZOOM),
      "=": () => zoomed(view.current, size, ZOOM),
      "-": () => zoomed(view.current, size, 1 / ZOOM),
      "0": () => WHOLE,
    };
    const next = event.altKey || event.ctrlKey || event.metaKey ? undefined : moves[event.key];
    if (event.key === "Escape") onSelect([], null);
    if (!next) return;
    event.preventDefault();
    look(next());
  };
  return (
    <div ref={frame} className={css.map} data-tool={tool}>
      {/* The map is moved by its own keys, which the label names. */}
      <canvas ref={canvas} tabIndex={0} role="application" aria-label={texts.label(positions.length / 2)} data-testid="map" onKeyDown={onKeyDown} onPointerLeave={() => setHovered(null)} {...pointer} />
      {!isSupported && (
        <div className={css.over}>
          <Notice tone="warn">
            <p>{texts.unsupported}</p>
            <p className="lw-small">{texts.unsupportedText}</p>
          </Notice>
        </div>
      )}
      {line && (
        <svg className={css.line} aria-hidden>
          <polygon points={line.map((corner) => corner.join(",")).join(" ")} />
        </svg>
      )}
      {hovered && !line && <Tip hovered={hovered} width={width} height={height}>{tip(hovered.ordinal)}</Tip>}
      <div className={css.tools} role="toolbar" aria-label={texts.tools}>
        <ActionIcon variant={tool === "lasso" ? "filled" : "default"} size={34} aria-pressed={tool === "lasso"} aria-label={texts.lasso} title={texts.lassoTitle} onClick={() => setTool(tool === "lasso" ? "move" : "lasso")} data-testid="lasso">
          <Icon name="lasso" />
        </ActionIcon>
        <ActionIcon variant="default" size={34} aria-label={texts.nearer} title={texts.nearer} onClick={() => look(zoomed(view.current, size, ZOOM))}>
          <Icon name="plus" />
        </ActionIcon>
        <ActionIcon variant="default" size={34} aria-label={texts.farther} title={texts.farther} onClick={() => look(zoomed(view.current, size, 1 / ZOOM))}>
          <Icon name="minus" />
        </ActionIcon>
        <ActionIcon variant="default" size={34} aria-label={texts.whole} title={texts.whole} onClick={() => look(WHOLE)}>
          <Icon name="whole" />
        </ActionIcon>
      </div>
    </div>
  );
}

interface TipProps {
  hovered: { x: number; y: number };
  width: number;
  height: number;
  children: ReactNode;
}

/** Beside the pointer, on the side where there is room. */
function Tip({ hovered, width, height, children }: TipProps) {
  const style = {
    ...(hovered.x < width / 2 ? { left: hovered.x + 14 } : { right: width - hovered.x + 14 }),
    ...(hovered.y < height / 2 ? { top: hovered.y + 10 } : { bottom: height - hovered.y + 10 }),
  };
  return (
    <div className={css.tip} style={style} data-testid="tip">
      {children}
    </div>
  );
}
