import { useCallback, useEffect, useRef, useState, type PointerEvent } from "react";
import type { ActionId } from "@/actions/keys";
import { useActions } from "@/actions/useActions";
import { onSite } from "@/site/base";
import { s } from "@/ui/strings";
import type { ItemKind, ItemViewProps } from "../kind";
import { shelf } from "../media";
import css from "./image.module.css";
import { drag, FIT, isTiny, NEUTRAL, pan, zoomAt, type View, type Window } from "./view";

/** Window and level stay as they were set from one image to the next. */
let kept: Window = NEUTRAL;

function ImageView(props: ItemViewProps) {
  if (props.compact) return <Picture item={props.item} view={FIT} window={NEUTRAL} />;
  return <Viewer key={props.item.id} item={props.item} />;
}

function Picture({ item, view, window }: { item: ItemViewProps["item"]; view: View; window: Window }) {
  const { media, width, height } = item.content;
  const [natural, setNatural] = useState<[number, number] | null>(null);
  const [failed, setFailed] = useState(false);
  const [src, setSrc] = useState(media ? shelf.source(media) : "");
  const [w, h] = [width ?? natural?.[0] ?? 1000, height ?? natural?.[1] ?? 1000];
  const tiny = isTiny(w, h);
  if (failed || !media) return <p className={css.failed}>{s.items.noImage}</p>;
  return (
    <img
      className={css.image}
      src={onSite(src)}
      alt={s.items.imageOf(item.key)}
      draggable={false}
      onError={() => (src === media ? setFailed(true) : setSrc(media))}
      onLoad={(event) => setNatural([event.currentTarget.naturalWidth, event.currentTarget.naturalHeight])}
      style={{
        imageRendering: tiny || view.zoom >= 6 ? "pixelated" : "auto",
        maxWidth: tiny ? w * 44 : undefined,
        maxHeight: tiny ? h * 44 : undefined,
        transform: `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`,
        filter: window === NEUTRAL ? undefined : `brightness(${window.brightness}) contrast(${window.contrast})`,
      }}
    />
  );
}

function Viewer({ item }: ItemViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState(FIT);
  const [win, setWin] = useState(kept);
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const adjust = useCallback((dx: number, dy: number) => {
    setWin((now) => (kept = drag(now, dx, dy)));
  }, []);

  useActions(["image"], (id: ActionId) => {
    if (id === "zoom.in") setView((v) => zoomAt(v, 1.4, 0, 0));
    else if (id === "zoom.out") setView((v) => zoomAt(v, 1 / 1.4, 0, 0));
    else if (id === "zoom.fit") setView(FIT);
    else if (id === "bright.up") adjust(0, -20);
    else if (id === "bright.down") adjust(0, 20);
    else if (id === "contrast.up") adjust(20, 0);
    else if (id === "contrast.down") adjust(-20, 0);
    else if (id === "window.reset") setWin((kept = NEUTRAL));
    else return false;
    return true;
  });

  useEffect(() => {
    const element = box.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const [px, py] = fromCentre(element, event.clientX, event.clientY);
      setView((v) => zoomAt(v, Math.exp(-event.deltaY / 400), px, py));
    };
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, []);

  const onMove = (event: PointerEvent<HTMLDivElement>) => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before.x, event.clientY - before.y];
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (other) {
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const is = Math.hypot(event.clientX - other.x, event.clientY - other.y);
      const [px, py] = fromCentre(box.current, (event.clientX + other.x) / 2, (event.clientY + other.y) / 2);
      setView((v) => zoomAt(v, is / Math.max(1, was), px, py));
    } else if (event.shiftKey || event.buttons === 2) adjust(dx, dy);
    else setView((v) => (v.zoom === 1 ? v : pan(v, dx, dy, box.current?.clientWidth ?? 0, box.current?.clientHeight ?? 0)));
  };
  const drop = (event: PointerEvent) => fingers.current.delete(event.pointerId);
  const changed = view !== FIT || win !== NEUTRAL;

  return (
    <div
      ref={box}
      className={css.box}
      data-zoomed={view.zoom > 1 || undefined}
      onContextMenu={(event) => event.preventDefault()}
      onDoubleClick={() => setView(FIT)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      }}
      onPointerMove={onMove}
      onPointerUp={drop}
      onPointerCancel={drop}
    >
      <Picture item={item} view={view} window={win} />
      <span className={css.hint} data-shown={changed || undefined}>
        {s.items.imageState(view.zoom, win.brightness, win.contrast)}
      </span>
    </div>
  );
}

function fromCentre(element: Element | null, x: number, y: number): [number, number] {
  const box = element?.getBoundingClientRect();
  return box ? [x - box.left - box.width / 2, y - box.top - box.height / 2] : [0, 0];
}

export const kind: ItemKind = {
  name: "image",
  View: ImageView,
  media: (content) => content.media ?? null,
};
