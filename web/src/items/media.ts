/** The one shelf of images of this tab. */
import { useSyncExternalStore } from "react";
import { NoImage, Shelf } from "./shelf";

const MAX_BYTES = 256 * 1024 * 1024;
const REVOKE_AFTER_MS = 5000;

export const shelf = new Shelf(
  {
    fetch: async (url) => {
      const reply = await fetch(url);
      if (reply.ok) return reply.blob();
      throw reply.status < 500 ? new NoImage() : new Error(reply.statusText);
    },
    keep: (blob) => URL.createObjectURL(blob),
    // An image that is on its way to the screen still needs its address for a moment.
    drop: (kept) => {
      setTimeout(() => URL.revokeObjectURL(kept), REVOKE_AFTER_MS);
    },
  },
  MAX_BYTES,
);

/** Watch what is held; the number has no meaning of its own. */
export function useShelf(): number {
  return useSyncExternalStore(shelf.subscribe, shelf.current);
}
