/** The one outbox of this tab: browser storage on one side, the API on the other. */
import { useSyncExternalStore } from "react";
import { api, data } from "@/api/client";
import { asApiError } from "@/api/error";
import type { NewAnnotation } from "@/api/types";
import { Outbox, type Box, type Entry, type Outcome, type Status } from "./outbox";

const PREFIX = "labelwright.outbox.";

function namesOf(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return []; // storage is blocked
  }
}

const browser: Box = {
  load() {
    return namesOf().flatMap((name) => {
      try {
        return [JSON.parse(localStorage.getItem(name) ?? "") as Entry];
      } catch {
        return []; // one unreadable entry must not keep the others from being sent
      }
    });
  },
  save(entry) {
    try {
      localStorage.setItem(PREFIX + entry.id, JSON.stringify(entry));
      return true;
    } catch {
      return false;
    }
  },
  remove(id) {
    try {
      localStorage.removeItem(PREFIX + id);
    } catch {
      // it will be sent again at the next start, which stores nothing twice
    }
  },
};

async function send(entry: Entry): Promise<Outcome> {
  const path = { slug: entry.slug };
  const bodies = entry.bodies as unknown as NewAnnotation[];
  try {
    const [first] = bodies;
    if (bodies.length === 1 && first) {
      const stored = await data(api.POST("/api/v1/projects/{slug}/annotations", { params: { path }, body: first }));
      return { type: "stored", receipts: [{ answerId: first.answer_id, annotationId: stored.id }] };
    }
    const { stored } = await data(
      api.POST("/api/v1/projects/{slug}/annotations/batch", { params: { path }, body: { annotations: bodies } }),
    );
    return { type: "stored", receipts: stored.map((one, i) => ({ answerId: bodies[i]?.answer_id ?? "", annotationId: one.id })) };
  } catch (thrown) {
    const error = asApiError(thrown);
    // 401: the person signs in and comes back, the answer is still here.
    if (error.transient || error.status === 401) return { type: "later", offline: error.offline };
    return { type: "refused", message: error.message, hint: error.hint };
  }
}

export const outbox = new Outbox(browser, send);

window.addEventListener("online", () => outbox.wake());
window.addEventListener("beforeunload", (event) => {
  if (outbox.current().volatile) event.preventDefault();
});

export function useOutbox(): Status {
  return useSyncExternalStore(outbox.subscribe, outbox.current);
}
