/** Which items the list shows and in what order; the address of the page holds it. Pure. */
export const SHOWS = ["all", "labeled", "unlabeled", "skipped", "flagged", "noted", "reserve", "source", "excluded"] as const;
export type Show = (typeof SHOWS)[number];

export const SORTS = ["order", "key", "time", "label", "confidence", "doubt", "answers"] as const;
export type Sort = (typeof SORTS)[number];

export interface Filter {
  show: Show;
  /** A question's id; null: the primary one. */
  question: string | null;
  /** A label's id. */
  label: string | null;
  search: string;
  /** The id of a saved slice. */
  slice: string | null;
  /** What a line on the map encloses, as the page Explore writes it. */
  area: string | null;
  sort: Sort;
  descending: boolean;
}

export const ALL_ITEMS: Filter = { show: "all", question: null, label: null, search: "", slice: null, area: null, sort: "order", descending: false };

/** What the address says; what it does not say, or says wrongly, is the default. */
export function toFilter(search: Record<string, unknown>): Filter {
  // The router reads ?search=12 as a number.
  const text = (name: string) => (typeof search[name] === "string" || typeof search[name] === "number" ? String(search[name]) : null);
  return {
    show: SHOWS.find((one) => one === search.show) ?? ALL_ITEMS.show,
    question: text("question"),
    label: text("label"),
    search: text("search") ?? "",
    slice: text("slice"),
    area: text("area"),
    sort: SORTS.find((one) => one === search.sort) ?? ALL_ITEMS.sort,
    descending: search.descending === true,
  };
}

export type FilterSearch = Partial<{ [Name in keyof Filter]: NonNullable<Filter[Name]> }>;

/** The address of a filter, without what is the default. */
export function toSearch(filter: Filter): FilterSearch {
  return Object.fromEntries(Object.entries(filter).filter(([name, value]) => value !== ALL_ITEMS[name as keyof Filter])) as FilterSearch;
}

/** The labels of another question are others. */
export function askAbout(filter: Filter, question: string | null): Filter {
  return { ...filter, question, label: null };
}
