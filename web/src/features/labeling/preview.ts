import type { Item } from "@/api/types";
import { cell } from "@/ui/format";

/** The beginning of an item in one line, or the address of its image. */
export function previewOf(item: Item): string {
  const { text, media, row } = item.content;
  if (media) return media;
  if (text) return text.slice(0, 120);
  return Object.entries(row ?? {})
    .slice(0, 3)
    .map(([name, value]) => `${name} ${cell(value)}`)
    .join(", ");
}
