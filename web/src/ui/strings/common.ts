export const common = {
  download: "Download",
  product: "Labelwright",
  loading: "Loading …",
  retry: "Try again",
  cancel: "Cancel",
  close: "Close",
  dismiss: "Dismiss",
  save: "Save",
  copy: "Copy",
  copied: "Copied",
  copyFailed: "Select it and copy",
  more: "Show more",
  interval: "Value, 95 % interval, and the number of labels behind it",
  tooFew: "too few to judge",
  requestId: (id: string) => `Request ${id}`,
  broken: "This page has failed",
  faulty: (message: string) => `There is a fault in this page: ${message}`,
  brokenText: "Nothing that was saved is lost, and unsaved answers are kept in this browser.",
  reload: "Reload",
  notFound: "There is nothing here",
  notFoundText: "The address may be old, or you may not have the permission to see it.",
  home: "To the projects",
} as const;

export const items = {
  unknownKind: (kind: string) => `This version of the app cannot show items of the kind '${kind}'.`,
  typical: (value: string, spread: string | null) => `Typical: ${value}${spread === null ? "" : ` (standard deviation ${spread})`}`,
  noImage: "The image cannot be shown. Skip it, or flag it.",
  imageOf: (key: string) => `Image ${key}`,
  imageState: (zoom: number, brightness: number, contrast: number) =>
    `${Math.round(zoom * 100)} % · brightness ${brightness.toFixed(1)} · contrast ${contrast.toFixed(1)}`,
} as const;

export const tasks = {
  answer: "to answer and go on",
  toggle: "to toggle",
  none: "None of these",
  noneKey: "for none of these",
  noneShort: "none",
  type: "to type the number",
  adjust: "to adjust",
  typePlaceholder: "Type a number",
  slider: (question: string) => `${question}: slider`,
  chooseFirst: "Choose an answer first.",
  chooseOrNone: "Choose at least one label, or 0 for none of these.",
  typeFirst: "Type a number first.",
  outside: (low: string, high: string) => `The number must be between ${low} and ${high}.`,
  searchLabels: (n: number) => `Search ${n} labels`,
  addLabel: (name: string) => `Add “${name}”`,
} as const;

export const help = {
  title: "Keys",
  digits: "Choose an answer by its digit",
  recent: "Correct one of the last five answers",
  remap: "Change any of them under Account. Keys never fire while you type, and a held key acts once.",
} as const;
