/** Joins the state machine with clock, network and outbox. */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { asApiError, type ApiError } from "@/api/error";
import type { Answer, ProjectDetail } from "@/api/types";
import { prefetch } from "@/items";
import { taskOf } from "@/tasks";
import { ActiveClock } from "./clock";
import { previewOf } from "./preview";
import type { Done, Outgoing, State } from "./model";
import { outbox } from "./sender";
import { LabelStore } from "./store";
import { uuid } from "./uuid";
import { annotatedItem, recentAnnotations, renewLease, takeWork } from "./work";

const AHEAD = 5;
const REFILL_AT = 2;
const AGAIN_MS = 5000;
/** The first items come within seconds. */
const SOON_MS = 1200;
const HEARTBEAT_MS = 45_000;
/** Who has not touched anything for this long may lose the item to somebody else. */
const AWAY_MS = 10 * 60_000;

export interface Labeling {
  state: State;
  store: LabelStore;
  error: ApiError | null;
  fetching: boolean;
  finish: (kind: "answer" | "skip" | "flag", more?: { label?: Answer; reason?: string }) => void;
  undo: (target?: Done) => void;
  correct: (target: Done) => void;
  refill: () => void;
  seconds: () => number;
}

export function useLabeling(project: ProjectDetail, paused: boolean): Labeling {
  const { slug, question } = project;
  const store = useMemo(() => new LabelStore((outgoing: Outgoing, title: string) => outbox.add(slug, [outgoing], title)), [slug]);
  const state = useSyncExternalStore(store.subscribe, store.current);
  const [error, setError] = useState<ApiError | null>(null);
  const [fetching, setFetching] = useState(false);
  const clock = useRef(new ActiveClock(0));
  const busy = useRef({ refill: false, recall: false, notBefore: 0 });

  const refill = useCallback(() => {
    if (busy.current.refill) return;
    busy.current.refill = true;
    setFetching(true);
    const before = store.current().queue.length;
    // Leases whose answer is still on its way count as live ones.
    takeWork(slug, Math.min(50, AHEAD + outbox.current().unsaved))
      .then(
        (queue) => {
          store.dispatch({ type: "arrived", leases: queue.leases, left: queue.left, emptyBecause: queue.empty_because ?? null });
          store.current().queue.forEach((card) => prefetch(card.item));
          setError(null);
          const soon = queue.empty_because === "starting" || queue.empty_because === "importing";
          busy.current.notBefore = store.current().queue.length > before ? 0 : Date.now() + (soon ? SOON_MS : AGAIN_MS);
        },
        (thrown: unknown) => {
          setError(asApiError(thrown));
          busy.current.notBefore = Date.now() + AGAIN_MS;
        },
      )
      .finally(() => {
        busy.current.refill = false;
        setFetching(false);
      });
  }, [slug, store]);

  // Work ahead: fill up when two are left; look again now and then when there is none.
  useEffect(() => {
    if (paused || state.queue.length > REFILL_AT) return;
    const wait = Math.max(0, busy.current.notBefore - Date.now());
    const timer = setTimeout(refill, wait);
    return () => clearTimeout(timer);
  }, [state.queue.length, state.shown, paused, refill, fetching]);

  useEffect(() => {
    recentAnnotations(slug).then(
      (annotations) => store.dispatch({ type: "recent", annotations }),
      () => undefined, // undo then starts with this visit
    );
    return outbox.subscribe((event) => {
      if (event.type === "saved" && event.slug === slug) for (const one of event.receipts) store.dispatch({ type: "saved", ...one });
      if (event.type === "refused") for (const body of event.entry.bodies) store.dispatch({ type: "refused", answerId: body.answer_id });
    });
  }, [slug, store]);

  // Active time on the item that is shown.
  useEffect(() => {
    const active = new ActiveClock(Date.now());
    if (document.hidden) active.hide(Date.now());
    clock.current = active;
    const touch = () => active.touch(Date.now());
    const visibility = () => {
      if (document.hidden) active.hide(Date.now());
      else {
        active.show(Date.now());
        store.dispatch({ type: "prune", now: Date.now() });
      }
    };
    const doings = ["keydown", "pointerdown", "pointermove", "wheel"] as const;
    doings.forEach((name) => window.addEventListener(name, touch, { passive: true }));
    document.addEventListener("visibilitychange", visibility);
    return () => {
      doings.forEach((name) => window.removeEventListener(name, touch));
      document.removeEventListener("visibilitychange", visibility);
    };
  }, [state.shown, store]);

  // Heartbeat: the lease of what is shown lives on while somebody is there.
  const leaseId = state.current?.leaseId ?? null;
  useEffect(() => {
    if (leaseId === null) return;
    const beat = () => {
      if (document.hidden || clock.current.idle(Date.now()) > AWAY_MS) return;
      renewLease(slug, leaseId).then(
        (expiresAt) => store.dispatch({ type: "renewed", leaseId, expiresAt }),
        () => undefined, // a late answer is kept all the same
      );
    };
    const timer = setInterval(beat, HEARTBEAT_MS);
    return () => clearInterval(timer);
  }, [leaseId, slug, store]);

  const seconds = useCallback(() => clock.current.seconds(Date.now()), []);

  const finish: Labeling["finish"] = useCallback(
    (kind, more = {}) => {
      const { current, draft } = store.current();
      // While an item is being fetched to be shown again, a key meant for it must not hit the one before it.
      if (!current || busy.current.recall) return;
      const label = more.label ?? draft;
      const words = kind === "answer" ? taskOf(question).summary(label, question) : kind;
      // Leases that ran out meanwhile may be somebody else's by now.
      store.dispatch({ type: "prune", now: Date.now() });
      store.dispatch({
        type: "finish",
        kind,
        answerId: uuid(),
        seconds: seconds(),
        ...(kind === "answer" && label ? { label } : {}),
        ...(more.reason === undefined ? {} : { reason: more.reason }),
        summary: words,
        preview: previewOf(current.item),
      });
    },
    [question, seconds, store],
  );

  const withItem = useCallback(
    (target: Done, then: (item: NonNullable<Done["item"]>) => void) => {
      if (target.item) then(target.item);
      else if (target.annotationId !== null && !busy.current.recall) {
        busy.current.recall = true;
        annotatedItem(slug, target.annotationId)
          .then(then, (thrown: unknown) => setError(asApiError(thrown)))
          .finally(() => (busy.current.recall = false));
      }
    },
    [slug],
  );

  const correct = useCallback(
    (target: Done) => withItem(target, (item) => store.dispatch({ type: "recall", target, item })),
    [store, withItem],
  );

  const undo = useCallback(
    (target = store.current().done[0]) => {
      if (!target) return;
      // A correction is taken back by correcting again: the first answer is never touched.
      if (target.kind === "correct") correct(target);
      else
        withItem(target, (item) => {
          const unsent = target.annotationId === null && outbox.cancel(target.ref);
          store.dispatch({ type: "undo", target, item, answerId: uuid(), unsent });
        });
    },
    [correct, store, withItem],
  );

  return { state, store, error, fetching, finish, undo, correct, refill, seconds };
}
