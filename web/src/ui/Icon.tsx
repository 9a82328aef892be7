/** The few icons we need, as paths: no icon font, no package. */
const PATHS = {
  undo: "M9 14 4 9l5-5 M4 9h10a6 6 0 0 1 0 12h-3",
  flag: "M5 21V4h12l-2 4 2 4H5",
  note: "M4 20h4L19 9l-4-4L4 16v4",
  skip: "M5 5l8 7-8 7V5 M18 5v14",
  grid: "M4 4h7v7H4z M13 4h7v7h-7z M4 13h7v7H4z M13 13h7v7h-7z",
  why: "M12 17v.01 M12 13.5a2 2 0 0 1 1-1.8 3 3 0 1 0-4-2.7 M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18",
  check: "M5 12l5 5L20 7",
  cloud: "M7 18a4.5 4.5 0 0 1 0-9 5 5 0 0 1 9.6 1.5A3.8 3.8 0 0 1 17 18H7",
  alert: "M12 9v4 M12 17v.01 M10.3 4 2.5 18a2 2 0 0 0 1.7 3h15.6a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8 M12 2v2 M12 20v2 M2 12h2 M20 12h2 M5 5l1.4 1.4 M17.6 17.6 19 19 M19 5l-1.4 1.4 M6.4 17.6 5 19",
  moon: "M12 3a7 7 0 0 0 9 9 9 9 0 1 1-9-9",
  auto: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18 M12 3v18",
  down: "M6 9l6 6 6-6",
  up: "M6 15l6-6 6 6",
  right: "M9 6l6 6-6 6",
  left: "M15 6l-6 6 6 6",
  close: "M6 6l12 12 M18 6 6 18",
  file: "M14 3H6v18h12V7l-4-4v4h4",
  plus: "M12 5v14 M5 12h14",
  minus: "M5 12h14",
  lasso: "M12 4c5 0 9 2.5 9 6s-4 6-9 6-9-2.5-9-6 4-6 9-6 M8 15.5c-2 .5-2.500 2.500-1 3.500s.500 2-1 2",
  whole: "M4 9V4h5 M20 9V4h-5 M4 15v5h5 M20 15v5h-5",
  book: "M5 4h6a2 2 0 0 1 2 2v14a2 2 0 0 0-2-2H5V4 M21 4h-6a2 2 0 0 0-2 2v14a2 2 0 0 1 2-2h6V4",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8 M4 21a8 8 0 0 1 16 0",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14 M20 20l-4-4",
  ascending: "M8 19V5 M4 9l4-4 4 4 M14 17h7 M14 12h5 M14 7h3",
  descending: "M8 5v14 M4 15l4 4 4-4 M14 7h7 M14 12h5 M14 17h3",
  pause: "M8 5v14 M16 5v14",
  play: "M7 5l12 7-12 7V5",
  dots: "M12 5v.01 M12 12v.01 M12 19v.01",
  columns: "M4 5h16v14H4z M10 5v14 M15 5v14",
  download: "M12 4v11 M7 11l5 5 5-5 M5 20h14",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.9} strokeLinecap="round" strokeLinejoin="round" aria-hidden focusable={false}>
      <path d={PATHS[name]} />
    </svg>
  );
}
