/** What keys and clicks on the answers mean: drafts, moving between questions, submitting. */
import { useEffect, useState } from "react";
import type { ActionId } from "@/actions/keys";
import { useSettings } from "@/actions/settings";
import type { Answer, Question } from "@/api/types";
import { taskOf } from "@/tasks";
import { typeInto, walk } from "@/tasks/press";
import { s } from "@/ui/strings";
import { noteOf, sameAnswer, withDraft } from "./answers";
import { afterAnswer, allocate, obstacle, type KeysOf } from "./questions";
import type { Drafts } from "./state";
import type { Guard } from "@/actions/useGuard";
import type { Labeling } from "./useLabeling";

/** How long it is said that a press was ignored. */
const TOO_SOON_MS = 2000;

export interface Answering {
  keys: readonly KeysOf[];
  live: Question | undefined;
  hint: string;
  setHint: (hint: string) => void;
  change: (question: Question, label: Answer | null, done?: boolean) => void;
  focus: (question: Question) => void;
  /** Move to the next or previous question; false where there is none. */
  move: (by: 1 | -1) => boolean;
  submit: () => void;
  /** Give a key to the live question; false where it means nothing there. */
  press: (id: ActionId) => boolean;
}

export function useAnswering(questions: readonly Question[], labeling: Labeling, guard: Guard): Answering {
  const { askEnter } = useSettings();
  const [hint, setHint] = useState("");
  const { state, store, answer } = labeling;
  useEffect(() => {
    if (hint !== s.label.tooSoon) return;
    const timer = setTimeout(() => setHint(""), TOO_SOON_MS);
    return () => clearTimeout(timer);
  }, [hint]);
  const { current, drafts } = state;
  const keys = allocate(questions, drafts, state.focus);
  const at = keys.findIndex((one) => one.live);
  const live = keys[at]?.question;
  const several = questions.length > 1;

  const focus = (question: Question) => store.dispatch({ type: "focus", question: question.id });

  const submitWith = (next: Drafts) => {
    if (guard.tooSoon()) return setHint(s.label.tooSoon);
    const stop = obstacle(questions, next);
    setHint(stop ? (several ? s.label.about(stop.question.name, stop.text) : stop.text) : "");
    if (stop) focus(stop.question);
    else if (current?.mode === "correct" && state.reason.trim() === noteOf(current) && questions.every((one) => sameAnswer(next[one.id], current.before[one.id]))) store.dispatch({ type: "leave" });
    else answer(next);
  };

  /** Enter in a field: on to what is still missing, and submit where nothing is. */
  const goOn = (question: Question, next: Drafts) => {
    const stop = obstacle(questions, next);
    if (stop && stop.question.id !== question.id) focus(stop.question);
    else submitWith(next);
  };

  const change = (question: Question, label: Answer | null, done = false) => {
    setHint("");
    const { single } = taskOf(question);
    const next = withDraft(drafts, question.id, label);
    if (done && !several && !(single && askEnter)) submitWith(next);
    else {
      // With several questions, a key that answers hands the keys on; Enter in a field submits, as it does anywhere.
      const after = done && several && single ? afterAnswer(questions, next, question.id) : null;
      store.dispatch({ type: "draft", question: question.id, label, ...(after ? { focus: after.id } : {}) });
      if (done && several && !single) goOn(question, next);
    }
  };

  const move = (by: 1 | -1) => {
    const to = keys[at + by]?.question;
    if (!several || !current || !to) return false;
    focus(to);
    return true;
  };

  const press = (id: ActionId): boolean => {
    if (!live) return false;
    const meaning = taskOf(live).press(id, live, drafts[live.id] ?? null);
    if (meaning === null) return false;
    if ("label" in meaning) change(live, meaning.label, meaning.done);
    else if ("focus" in meaning) walk(partOf(live), meaning.focus);
    else typeInto(partOf(live), meaning.type);
    return true;
  };

  return { keys, live, hint, setHint, change, focus, move, submit: () => submitWith(drafts), press };
}

/** The part of the page that shows a question. */
export function partOf(question: Question): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-question="${CSS.escape(question.id)}"]`);
}
