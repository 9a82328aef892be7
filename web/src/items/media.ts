/** The one shelf of images of this tab. */
import { onSite } from "@/site/base";
import { useSyncExternalStore } from "react";
import { NoImage, Shelf } from "./shelf";

const MAX_BYTES = 256 * 1024 * 1024;
const REVOKE_AFTER_MS = 5000;

export const shelf = new Shelf(
  {
    fetch: async (url) => {
      const reply = await fetch(onSite(url));
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

const DECODED_AHEAD = 3;
const decoded = new Map<string, HTMLImageElement>();

/** A large image takes a tenth of a second to decode, so the next ones are decoded before they are shown. */
shelf.subscribe(() => {
  const next = shelf.first(DECODED_AHEAD);
  for (const address of [...decoded.keys()]) if (!next.includes(address)) decoded.delete(address);
  for (const address of next) {
    if (decoded.has(address)) continue;
    const image = new Image();
    image.src = address;
    image.decode().catch(() => undefined);
    decoded.set(address, image);
  }
});

/** Watch what is held; the number has no meaning of its own. */
export function useShelf(): number {
  return useSyncExternalStore(shelf.subscribe, shelf.current);
}
