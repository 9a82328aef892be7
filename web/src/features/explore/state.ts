/** What the address of the page says: the map, its colour, and what is selected. Pure. */
export interface State {
  /** Null: that of neighbours, once it is made. */
  projection: "pca" | "neighbour" | null;
  by: string;
  /** Words that items hold. */
  search: string;
  /** An item whose like are shown. */
  like: string | null;
  /** Ids of items, such as i3, that another page or a small selection names. */
  select: readonly string[];
}

export const START: State = { projection: null, by: "label", search: "", like: null, select: [] };
export const MAX_NAMED = 50;
const ID = /^i\d{1,15}$/;

export interface ExploreSearch {
  projection?: "pca" | "neighbour";
  by?: string;
  search?: string;
  like?: string;
  select?: string;
}

/** What the address does not say, or says wrongly, is the default. */
export function toState(search: Record<string, unknown>): State {
  // The router reads ?search=12 as a number.
  const text = (name: string) => (typeof search[name] === "string" || typeof search[name] === "number" ? String(search[name]) : "");
  const like = text("like");
  return {
    projection: search.projection === "pca" || search.projection === "neighbour" ? search.projection : null,
    by: text("by") || START.by,
    search: text("search").slice(0, 200),
    like: ID.test(like) ? like : null,
    select: text("select").split(",").filter((one) => ID.test(one)).slice(0, MAX_NAMED),
  };
}

export function toExploreSearch(state: State): ExploreSearch {
  return {
    ...(state.projection && { projection: state.projection }),
    ...(state.by !== START.by && { by: state.by }),
    ...(state.search && { search: state.search }),
    ...(state.like && { like: state.like }),
    ...(state.select.length > 0 && { select: state.select.join(",") }),
  };
}

export const ordinalOf = (id: string) => Number(id.slice(1));
export const idOf = (ordinal: number) => `i${ordinal}`;
