/** Takes work ahead, keeps its images, gives back what is not needed, and keeps the lease of what is shown alive. */
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { useSettings } from "@/actions/settings";
import { asApiError, type ApiError } from "@/api/error";
import { mediaOf } from "@/items";
import { shelf } from "@/items/media";
import { aheadOf, pauseOf, surplus } from "./ahead";
import type { ActiveClock } from "@/actions/clock";
import { giveBack, renewLease, takeWork } from "./requests";
import { outbox } from "./sender";
import type { State } from "./state";
import type { LabelStore } from "./store";

const HEARTBEAT_MS = 45_000;
/** A person who has not touched anything for this long may lose the item to somebody else. */
const AWAY_MS = 10 * 60_000;
const MOST = 50;

export interface AheadWork {
  error: ApiError | null;
  setError: (error: ApiError | null) => void;
  fetching: boolean;
  refill: () => void;
  /** Before moving on: leases that ran out may be somebody else's, where the server can be asked for others. */
  prune: () => void;
}

export function useAhead(slug: string, store: LabelStore, state: State, clock: RefObject<ActiveClock>, paused: boolean): AheadWork {
  const { offline } = useSettings();
  const { take, refillAt } = aheadOf(offline);
  const [error, setError] = useState<ApiError | null>(null);
  const [fetching, setFetching] = useState(false);
  const busy = useRef({ refill: false, notBefore: 0 });
  /** Whether the server answered when it was last asked; without it, what is here is better than nothing. */
  const reachable = useRef(true);

  const taken = useRef(take);
  const release = useCallback(() => {
    const back = surplus(store.current().queue);
    store.dispatch({ type: "taken", itemIds: back.map((card) => card.item.id) });
    for (const card of back) if (card.leaseId !== null) giveBack(slug, card.leaseId);
  }, [slug, store]);

  const refill = useCallback(() => {
    if (busy.current.refill) return;
    busy.current.refill = true;
    setFetching(true);
    const before = store.current().queue.length;
    // Leases whose answer is still on its way count as live ones.
    takeWork(slug, Math.min(MOST, take + outbox.current().unsaved))
      .then(
        (queue) => {
          reachable.current = true;
          const emptyBecause = queue.empty_because ?? null;
          store.dispatch({ type: "arrived", leases: queue.leases, left: queue.left, emptyBecause, waiting: queue.empty, now: Date.now() });
          setError(null);
          if (taken.current < take) release(); // the person has changed their mind meanwhile
          const { length } = store.current().queue;
          busy.current.notBefore = length > before ? 0 : Date.now() + pauseOf(length, emptyBecause, false);
        },
        (thrown: unknown) => {
          const failure = asApiError(thrown);
          reachable.current = !failure.transient;
          setError(failure);
          busy.current.notBefore = Date.now() + pauseOf(before, null, true);
        },
      )
      .finally(() => {
        busy.current.refill = false;
        setFetching(false);
      });
  }, [release, slug, store, take]);

  // Fill up when few are left; look again now and then when there is none.
  useEffect(() => {
    if (paused || state.queue.length > refillAt) return;
    const wait = Math.max(0, busy.current.notBefore - Date.now());
    const timer = setTimeout(refill, wait);
    return () => clearTimeout(timer);
  }, [state.queue.length, state.shown, paused, refill, refillAt, fetching]);

  // More or fewer ahead from now on.
  useEffect(() => {
    if (take === taken.current) return;
    const fewer = take < taken.current;
    taken.current = take;
    busy.current.notBefore = 0;
    if (fewer) release();
  }, [release, take]);

  useEffect(() => {
    const onOnline = () => {
      busy.current.notBefore = 0;
      if (!paused) refill();
    };
    // A laptop that was opened again may have no network yet, and leases may have run out: ask before anything is dropped.
    const onVisible = () => {
      if (document.hidden) return;
      reachable.current = false;
      if (!paused) refill();
    };
    window.addEventListener("online", onOnline);
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      window.removeEventListener("online", onOnline);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [paused, refill]);

  // What is shown next and what was shown last is kept here, images included.
  const { current, queue, done } = state;
  useEffect(() => {
    const items = [...(current ? [current.item] : []), ...queue.map((card) => card.item), ...done.flatMap((one) => one.item ?? [])];
    shelf.want(items.flatMap((item) => mediaOf(item) ?? []));
  }, [current, queue, done]);
  useEffect(() => () => shelf.want([]), []);

  // Heartbeat: the lease of what is shown lives on while somebody is there.
  const leaseId = current?.mode === "correct" ? null : (current?.leaseId ?? null);
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
  }, [clock, leaseId, slug, store]);

  const prune = useCallback(() => {
    if (reachable.current && navigator.onLine) store.dispatch({ type: "prune", now: Date.now() });
  }, [store]);

  return { error, setError, fetching, refill, prune };
}
