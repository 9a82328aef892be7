import { useLayoutEffect, useRef } from "react";
import { useSettings } from "@/actions/settings";
import type { ItemKind, ItemViewProps } from "../kind";
import css from "./text.module.css";
import { marked, wordsOf } from "./words";

/** Where people were in long texts, so that coming back by undo finds the place again. */
const places = new Map<string, number>();

function TextView({ item, compact = false }: ItemViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const { textWidth, textSize, wrap, words } = useSettings();
  useLayoutEffect(() => {
    if (box.current && !compact) box.current.scrollTop = places.get(item.id) ?? 0;
  }, [item.id, compact]);
  const text = item.content.text ?? "";
  if (compact) return <p className={css.card} dir="auto">{text.slice(0, 600)}</p>;
  return (
    // A scrolling region must be reachable by keyboard.
    <div ref={box} className={css.scroll} tabIndex={0} onScroll={(event) => places.set(item.id, event.currentTarget.scrollTop)}>
      <p className={text.length < 280 ? `${css.text} ${css.short}` : css.text} dir="auto" data-width={textWidth} data-size={textSize} data-wrap={wrap}>
        {marked(text.trim(), wordsOf(words)).map((part, i) => (part.marked ? <mark key={i}>{part.text}</mark> : part.text))}
      </p>
    </div>
  );
}

export const kind: ItemKind = { name: "text", View: TextView };
