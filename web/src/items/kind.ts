import type { ComponentType } from "react";
import type { Content, Item } from "@/api/types";

export interface ItemViewProps {
  item: Item;
  /** A card among many: small, without controls. */
  compact?: boolean;
}

/** One folder a kind of item exports one of these as `kind`. */
export interface ItemKind {
  name: string;
  View: ComponentType<ItemViewProps>;
  /** The address of what showing it needs, which is fetched ahead. */
  media?: (content: Content) => string | null;
}
