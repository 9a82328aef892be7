/** Numbers and times as people read them. */
const integer = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 1240 -> "1 240" with a narrow space. */
export function count(n: number): string {
  return integer.format(n).replaceAll(",", "\u202f");
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A metric: two decimals where it lies in [0, 1], three digits elsewhere. */
export function figure(value: number): string {
  if (Math.abs(value) <= 1) return value.toFixed(2);
  if (Math.abs(value) >= 1000) return count(value);
  return Number(value.toPrecision(3)).toString();
}

/** A cell of a table: at most five significant digits. */
export function cell(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | boolean);
}

export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(iso).toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric" });
}

/** "Mon, 4 May 2026". */
export function onDay(iso: string): string {
  return new Date(iso).toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric" });
}

export function moment(iso: string): string {
  return new Date(iso).toLocaleString("en", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
}

/** The day where the person is, as YYYY-MM-DD. */
export function day(now = new Date()): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  if (n < 1_000_000) return `${(n / 1000).toFixed(0)} KB`;
  return `${(n / 1_000_000).toFixed(1)} MB`;
}

const ABBREVIATIONS = new Set(["mae", "mse", "rmse", "r2", "f1", "auc", "auroc", "mcc"]);

/** "margin-diversity" becomes "Margin diversity", "mae" "MAE". */
export function words(name: string): string {
  if (ABBREVIATIONS.has(name.toLowerCase())) return name.toUpperCase();
  const text = name.replaceAll(/[-_]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
