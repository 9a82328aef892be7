/** Finds the kinds of items: a folder beside this file is all that a new kind needs. */
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import type { ItemKind, ItemViewProps } from "./kind";

const modules = import.meta.glob<ItemKind>("./*/index.tsx", { eager: true, import: "kind" });
const KINDS = new Map(Object.values(modules).map((kind) => [kind.name, kind]));

export function ItemView(props: ItemViewProps) {
  const kind = KINDS.get(props.item.content.kind);
  if (!kind) return <Notice tone="bad">{s.items.unknownKind(props.item.content.kind)}</Notice>;
  return <kind.View {...props} />;
}

/** The address of what showing the item needs besides its content, or null. */
export function mediaOf(item: { content: ItemViewProps["item"]["content"] }): string | null {
  return KINDS.get(item.content.kind)?.media?.(item.content) ?? null;
}
