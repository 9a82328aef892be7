import { SegmentedControl, Select, useComputedColorScheme } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { asApiError } from "@/api/error";
import { useLive } from "@/api/projects";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { toArea } from "./area";
import { wordsOf, type Colouring } from "./binary";
import { Cards, Content, Said } from "./Cards";
import css from "./explore.module.css";
import { Finder } from "./Finder";
import type { Line } from "./geometry";
import { Legend } from "./Legend";
import { MapCanvas } from "./MapCanvas";
import { MapDownload } from "./MapDownload";
import type { Inks } from "./palette";
import { coloursQuery, positionsQuery, selectedQuery, type MapState } from "./requests";
import { SelectionBar } from "./SelectionBar";
import type { State } from "./state";
import { useSelection } from "./useSelection";

const texts = s.explore;
const WAIT_MS = 150;
const MAX_LIVE = 200_000; // items of which colours are sent again when somebody answers
const LIVE = ["explore", "explore-colours"] as const;
const NOBODY: ReadonlySet<number> = new Set();

interface Props {
  slug: string;
  kind: string;
  map: MapState;
  state: State;
  onState: (state: State) => void;
}

/** The map on the left, the selection's cards on the right, and above what is shown and searched. */
export function Explorer({ slug, kind, map, state, onState }: Props) {
  const layers = new Map(map.projections.map((one) => [one.name, one]));
  const neighbour = layers.get("neighbour");
  const projection = (state.projection ?? "neighbour") === "neighbour" && (neighbour?.n_placed ?? 0) > 0 ? "neighbour" : "pca";
  const positions = useQuery(positionsQuery(slug, projection, layers.get(projection)?.n_placed ?? 0));
  const colours = useQuery(coloursQuery(slug, state.by, map.share));
  const selection = useSelection(slug, map.n_items, state, onState);
  const [hidden, setHidden] = useState<{ by: string; codes: ReadonlySet<number> }>({ by: "", codes: NOBODY });
  useLive(slug, map.n_items <= MAX_LIVE ? LIVE : LIVE.slice(0, 1));
  const inks = useInks();
  const canvas = useRef<HTMLCanvasElement>(null);
  const off = hidden.by === state.by ? hidden.codes : NOBODY;
  const error = positions.error ?? colours.error;
  const ready = positions.data && colours.data && positions.data.places.length === 2 * colours.data.codes.length;
  const revision = positions.data?.revision;
  const onSelect = (ordinals: number[], line: Line | null) => {
    const isWhole = off.size === 0 && line !== null && revision; // a line does not say which values are hidden
    selection.pick(ordinals, "", isWhole ? toArea(projection, revision, line) : null);
  };
  const picture = () => {
    const element = canvas.current;
    if (!element) return null;
    const ground = getComputedStyle(document.documentElement).getPropertyValue("--lw-surface").trim();
    const [w, h] = [element.width, element.height];
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}"><rect width="100%" height="100%" fill="${ground}"/><image width="${w}" height="${h}" href="${element.toDataURL("image/png")}"/></svg>`;
  };
  return (
    <div className={css.explorer} data-testid="explore">
      <div className={css.choices}>
        <Finder key={state.search} words={state.search} byExample={kind === "text"} busy={selection.busy} onWords={selection.find} onExample={selection.likeText} />
        <Select aria-label={texts.colour} className={css.colour} allowDeselect={false} value={state.by} onChange={(by) => by && onState({ ...state, by })} data={map.colours.map((by) => ({ value: by, label: colourName(by) }))} data-testid="colour" />
        <SegmentedControl size="sm" aria-label={texts.projection} value={projection} onChange={(next) => onState({ ...state, projection: next === "pca" ? "pca" : "neighbour" })} data={[{ value: "neighbour", label: texts.neighbours, disabled: (neighbour?.n_placed ?? 0) === 0 }, { value: "pca", label: texts.plane }]} />
        {ready && <MapDownload name={`${slug} map`} positions={positions.data.places} colouring={colours.data} picture={picture} />}
      </div>
      {error && <ErrorNotice error={asApiError(error)} />}
      {selection.error && <ErrorNotice error={selection.error} />}
      {selection.incomplete && <Notice tone="warn">{texts.incomplete}</Notice>}
      <div className={css.columns}>
        <div className={css.left}>
          {ready ? (
            <MapCanvas positions={positions.data.places} colouring={colours.data} hidden={off} selected={selection.ordinals} inks={inks} onSelect={onSelect} canvas={canvas} tip={(ordinal) => <Tip slug={slug} ordinal={ordinal} colouring={colours.data} />} />
          ) : (
            <div className={css.map} data-testid="map-loading">
              <p className="lw-quiet">{s.common.loading}</p>
            </div>
          )}
          <p className="lw-quiet lw-small">{about(map, projection)}</p>
          {colours.data && <Legend colouring={colours.data} hidden={off} inks={inks} onHidden={(codes) => setHidden({ by: state.by, codes })} onSelect={selection.pick} />}
        </div>
        <aside className={css.side} aria-label={texts.cards.title}>
          {selection.name && <p className="lw-clip lw-small lw-quiet" dir="auto">{selection.distances.size > 0 ? texts.likeText(selection.name) : texts.with(selection.name)}</p>}
          {selection.ordinals.length > 0 && colours.data && <SelectionBar slug={slug} ordinals={selection.ordinals} colouring={colours.data} area={selection.area} search={state.search} onLike={selection.likeItem} onClear={() => selection.pick([])} />}
          <Cards slug={slug} ordinals={selection.ordinals} distances={selection.distances} onLike={selection.likeItem} />
        </aside>
      </div>
    </div>
  );
}

function Tip({ slug, ordinal, colouring }: { slug: string; ordinal: number; colouring: Colouring }) {
  const [asked, setAsked] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(ordinal), WAIT_MS);
    return () => clearTimeout(timer);
  }, [ordinal]);
  const item = useQuery({ ...selectedQuery(slug, asked === ordinal ? [ordinal] : []), placeholderData: keepPreviousData }).data?.items.find((one) => one.id === `i${ordinal}`);
  const words = wordsOf(colouring.legend, colouring.codes[ordinal] ?? 255, texts.legend.rest);
  return (
    <>
      {item && <Content item={item} />}
      {item ? <Said item={item} /> : <span className="lw-small">{words ?? `i${ordinal}`}</span>}
    </>
  );
}

function colourName(by: string): string {
  return by.startsWith("slice:") ? texts.sliceOf(by.slice("slice:".length).replace(/^row\./, "")) : (texts.colours[by] ?? by);
}

/** How the map was made, and what of it is not made yet. */
function about(map: MapState, projection: string): string {
  const neighbour = map.projections.find((one) => one.name === "neighbour");
  const parts = [projection === "pca" ? texts.planeText : texts.neighbourText(neighbour?.n_sampled ?? 0, map.n_encoded, neighbour?.method === "openTSNE")];
  if (map.share < 1) parts.push(texts.making(map.share));
  if (map.n_encoded < map.n_items) parts.push(texts.notEncoded(map.n_items - map.n_encoded));
  return parts.join(" ");
}

/** Colours that follow the scheme. */
function useInks(): Inks {
  const scheme = useComputedColorScheme("light");
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const token = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
    const isDark = scheme === "dark";
    return { none: isDark ? "#6a6f7a" : "#b4b4ac", good: token("--lw-good", "#0b6b4f"), bad: token("--lw-bad", "#b3261e") };
  }, [scheme]);
}
