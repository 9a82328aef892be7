import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { asApiError } from "@/api/error";
import { like, search } from "./requests";
import { idOf, MAX_NAMED, ordinalOf, type State } from "./state";

const NOTHING: readonly number[] = [];

interface Chosen {
  ordinals: readonly number[];
  /** Of what is like an example, by id. */
  distances: ReadonlyMap<string, number>;
  /** What it is, in words; "" for points that were picked on the map. */
  name: string;
  /** What encloses exactly these, for the address of the list of items; null where nothing does. */
  area: string | null;
}

const EMPTY: Chosen = { ordinals: NOTHING, distances: new Map(), name: "", area: null };

/** What is selected: by the address, by a search, by an example, or on the map; small selections go into the address. */
export function useSelection(slug: string, nItems: number, state: State, onState: (state: State) => void) {
  const [chosen, setChosen] = useState<Chosen>(() => ({ ...EMPTY, ordinals: state.select.map(ordinalOf).filter((one) => one < nItems) }));
  const words = useMutation({
    mutationFn: (text: string) => search(slug, text),
    onSuccess: (found, text) => setChosen({ ...EMPTY, ordinals: found.ordinals, name: text }),
  });
  const example = useMutation({
    mutationFn: (one: { item: string } | { text: string }) => like(slug, one),
    onSuccess: (found, one) => {
      const first = "item" in one ? [ordinalOf(one.item)] : [];
      setChosen({ ...EMPTY, ordinals: [...first, ...found.items.map((near) => near.ordinal)], distances: new Map(found.items.map((near) => [near.item.id, near.distance])), name: "item" in one ? one.item : one.text });
    },
  });
  // What the address asks for when the page is opened.
  useEffect(() => {
    if (state.like) example.mutate({ item: state.like });
    else if (state.search) words.mutate(state.search);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const failed = words.error ?? example.error;
  return useMemo(
    () => ({
      ...chosen,
      busy: words.isPending || example.isPending,
      error: failed === null ? null : asApiError(failed),
      incomplete: words.data !== undefined && !words.data.complete && state.search !== "",
      pick: (ordinals: readonly number[], name = "", area: string | null = null) => {
        words.reset();
        example.reset();
        setChosen({ ...EMPTY, ordinals, name, area });
        onState({ ...state, search: "", like: null, select: ordinals.length <= MAX_NAMED ? ordinals.map(idOf) : [] });
      },
      find: (text: string) => {
        onState({ ...state, search: text, like: null, select: [] });
        if (text) words.mutate(text);
        else setChosen(EMPTY);
      },
      likeItem: (id: string) => {
        onState({ ...state, search: "", like: id, select: [] });
        example.mutate({ item: id });
      },
      likeText: (text: string) => {
        onState({ ...state, search: "", like: null, select: [] });
        example.mutate({ text });
      },
    }),
    [chosen, words, example, failed, state, onState],
  );
}
