/** Joins the state machine with clock, network and outbox. */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { asApiError, type ApiError } from "@/api/error";
import type { Answer, ProjectDetail, Question } from "@/api/types";
import { taskOf } from "@/tasks";
import { kindOf, undoable } from "./answers";
import { haste, noted, type Haste } from "./haste";
import { previewOf } from "./preview";
import { annotatedItem, recentAnnotations } from "./requests";
import { outbox } from "./sender";
import type { Done, Drafts, NewAnswer, Outgoing, State } from "./state";
import { LabelStore } from "./store";
import { useActiveClock } from "@/actions/useActiveClock";
import { useAhead } from "./useAhead";
import { uuid } from "@/api/uuid";

export interface Labeling {
  state: State;
  store: LabelStore;
  error: ApiError | null;
  fetching: boolean;
  /** That the person answers much faster than usual, where the project wants them to know. */
  fast: Haste | null;
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
  const clock = useActiveClock(state.shown);
  const { error, setError, fetching, refill, prune } = useAhead(slug, store, state, clock, paused);
  const recalling = useRef(false);
  const [fast, setFast] = useState<Haste | null>(null);

  useEffect(() => {
    const read = () =>
      void recentAnnotations(slug).then(
        (annotations) => store.dispatch({ type: "recent", annotations }),
        () => undefined, // undo then starts with this visit
      );
    read();
    let ofEarlierVisit = outbox.current().unsaved > 0; // they are known once they are stored
    return outbox.subscribe((event) => {
      if (ofEarlierVisit && outbox.current().unsaved === 0) {
        ofEarlierVisit = false;
        read();
      }
      if (event.type === "saved" && event.slug === slug) for (const one of event.receipts) store.dispatch({ type: "saved", ...one });
      if (event.type === "refused") for (const body of event.entry.bodies) store.dispatch({ type: "refused", answerId: body.answer_id });
    });
  }, [slug, store]);

  const finish = useCallback(
    (kind: "answer" | "skip" | "flag", answers: NewAnswer[], reason?: string) => {
      const { current } = store.current();
      // While an item is being fetched to be shown again, a key meant for it must not reach the one before it.
      if (!current || recalling.current) return;
      prune();
      const seconds = clock.current.seconds(Date.now());
      if (kind === "answer" && current.mode === "lease") setFast(project.pace_warning ? haste(noted(slug, seconds)) : null);
      store.dispatch({ type: "finish", kind, answers, seconds, ...(reason === undefined ? {} : { reason }), preview: previewOf(current.item) });
    },
    [clock, project.pace_warning, prune, slug, store],
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
      else if (annotationId !== null && !recalling.current) {
        recalling.current = true;
        annotatedItem(slug, annotationId)
          .then(then, (thrown: unknown) => setError(asApiError(thrown)))
          .finally(() => (recalling.current = false));
      }
    },
    [setError, slug],
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

  return { state, store, error, fetching, fast, answer, dismiss, undo, correct, refill };
}
