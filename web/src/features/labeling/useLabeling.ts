/** Joins the state machine with clock, network and outbox. */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { asApiError, type ApiError } from "@/api/error";
import type { Answer, ProjectDetail, Question } from "@/api/types";
import { prefetch } from "@/items";
import { taskOf } from "@/tasks";
import { kindOf, undoable } from "./answers";
import { previewOf } from "./preview";
import { annotatedItem, recentAnnotations, renewLease, takeWork } from "./requests";
import { outbox } from "./sender";
import type { Done, Drafts, NewAnswer, Outgoing, State } from "./state";
import { LabelStore } from "./store";
import { useActiveClock } from "./useActiveClock";
import { uuid } from "./uuid";

const AHEAD = 5;
const REFILL_AT = 2;
const AGAIN_MS = 5000;
/** The first items come within seconds. */
const SOON_MS = 1200;
const HEARTBEAT_MS = 45_000;
/** A person who has not touched anything for this long may lose the item to somebody else. */
const AWAY_MS = 10 * 60_000;

export interface Labeling {
  state: State;
  store: LabelStore;
  error: ApiError | null;
  fetching: boolean;
  answer: (drafts: Drafts) => void;
  dismiss: (kind: "skip" | "flag", reason?: string) => void;
  undo: (target?: Done) => void;
  correct: (target: Done) => void;
  refill: () => void;
}

export function useLabeling(project: ProjectDetail, questions: readonly Question[], paused: boolean): Labeling {
  const { slug } = project;
  const store = useMemo(() => new LabelStore((bodies: Outgoing[], title: string) => outbox.add(slug, bodies, title)), [slug]);
  const state = useSyncExternalStore(store.subscribe, store.current);
  const [error, setError] = useState<ApiError | null>(null);
  const [fetching, setFetching] = useState(false);
  const clock = useActiveClock(state.shown);
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

  // Leases may have run out while the page was in the background.
  useEffect(() => {
    const onVisible = () => document.hidden || store.dispatch({ type: "prune", now: Date.now() });
    document.addEventListener("visibilitychange", onVisible);
    return () => document.removeEventListener("visibilitychange", onVisible);
  }, [store]);

  // Heartbeat: the lease of what is shown lives on while somebody is there.
  const leaseId = state.current?.mode === "correct" ? null : (state.current?.leaseId ?? null);
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

  const finish = useCallback(
    (kind: "answer" | "skip" | "flag", answers: NewAnswer[], reason?: string) => {
      const { current } = store.current();
      // While an item is being fetched to be shown again, a key meant for it must not reach the one before it.
      if (!current || busy.current.recall) return;
      // Leases that ran out meanwhile may be somebody else's by now.
      store.dispatch({ type: "prune", now: Date.now() });
      const seconds = clock.current.seconds(Date.now());
      store.dispatch({ type: "finish", kind, answers, seconds, ...(reason === undefined ? {} : { reason }), preview: previewOf(current.item) });
    },
    [clock, store],
  );

  const answer = useCallback(
    (drafts: Drafts) =>
      finish(
        "answer",
        questions.flatMap((question) => {
          const label: Answer | undefined = drafts[question.id];
          return label ? [{ answerId: uuid(), question: question.id, label, summary: taskOf(question).summary(label, question) }] : [];
        }),
      ),
    [finish, questions],
  );

  const dismiss = useCallback(
    (kind: "skip" | "flag", reason?: string) => finish(kind, [{ answerId: uuid(), question: null, label: null, summary: kind }], reason),
    [finish],
  );

  const withItem = useCallback(
    (target: Done, then: (item: NonNullable<Done["item"]>) => void) => {
      const annotationId = target.given.find((one) => one.annotationId !== null)?.annotationId ?? null;
      if (target.item) then(target.item);
      else if (annotationId !== null && !busy.current.recall) {
        busy.current.recall = true;
        annotatedItem(slug, annotationId)
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
      if (kindOf(target) === "correct") correct(target);
      else
        withItem(target, (item) => {
          const sent = undoable(target);
          const unsent = sent.every((one) => one.annotationId === null) && outbox.cancel(sent.map((one) => one.ref));
          store.dispatch({ type: "undo", target, item, answerIds: sent.map(() => uuid()), unsent });
        });
    },
    [correct, store, withItem],
  );

  return { state, store, error, fetching, answer, dismiss, undo, correct, refill };
}
