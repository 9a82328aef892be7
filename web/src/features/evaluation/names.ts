import { words } from "@/ui/format";
import { s } from "@/ui/strings";

const texts = s.evaluation;

/** "precision-at-recall:0.9:spam" as people read it. */
export function metricName(name: string): string {
  const [base = name, ...rest] = name.split(":");
  const top = /^top-(\d+)$/.exec(base);
  const shown = top ? `Top-${top[1]} accuracy` : (texts.metrics.names[base] ?? words(base));
  return rest.length > 0 ? `${shown} (${rest.join(", ")})` : shown;
}

/** "row.age" as "age", a saved slice by its name; the project's own columns by their names. */
export function columnName(column: string): string {
  return texts.slices.columns[column] ?? column.replace(/^(row|saved)\./, "");
}

/** A slice as people read it, such as "Domain: legal". */
export function sliceName(column: string, value: string): string {
  return `${columnName(column)}: ${texts.slices.values[value] ?? value}`;
}
