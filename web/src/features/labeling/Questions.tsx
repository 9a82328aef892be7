import { useEffect, useRef, type KeyboardEvent } from "react";
import { useKeysOf } from "@/actions/Keyed";
import type { Item, Label, Question } from "@/api/types";
import { taskOf } from "@/tasks";
import { Badge, KeyCap } from "@/ui/parts";
import { s } from "@/ui/strings";
import type { KeysOf } from "./questions";
import css from "./questions.module.css";
import type { Drafts } from "./state";
import type { Answering } from "./useAnswering";

interface Props {
  item: Item;
  drafts: Drafts;
  answering: Answering;
  onAddLabel: (question: Question, name: string) => Promise<Label>;
}

/** The editors of all questions of an item; the one that has the keys is marked. */
export function Questions({ item, drafts, answering, onAddLabel }: Props) {
  const { keys, live, move } = answering;
  const box = useRef<HTMLDivElement>(null);
  const several = keys.length > 1;
  const id = live?.id;
  useEffect(() => {
    if (!several) return;
    const part = box.current?.querySelector("[data-live=true]");
    part?.scrollIntoView({ block: "nearest" });
    // A field of the question before must not swallow the keys of this one.
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && box.current?.contains(focused) && !part?.contains(focused)) focused.blur();
  }, [id, several]);

  /** Tab in a field goes to the next question as it does elsewhere; after the last it leaves as usual. */
  const onKeyDown = (event: KeyboardEvent) => {
    const { target } = event;
    if (event.key !== "Tab" || !(target instanceof HTMLInputElement) || !move(event.shiftKey ? -1 : 1)) return;
    event.preventDefault();
    target.blur();
  };

  return (
    <div ref={box} className={several ? css.several : css.one} data-questions onKeyDown={onKeyDown}>
      {keys.map((one) => (
        <Part key={one.question.id} one={one} several={several} item={item} drafts={drafts} answering={answering} onAddLabel={onAddLabel} />
      ))}
    </div>
  );
}

function Part({ one, several, item, drafts, answering, onAddLabel }: Props & { one: KeysOf; several: boolean }) {
  const { question, live } = one;
  const task = taskOf(question);
  const editor = (
    <task.Editor
      item={item}
      question={question}
      label={drafts[question.id] ?? null}
      live={live}
      onChange={(label, done) => answering.change(question, label, done)}
      onAddLabel={question.open ? (name) => onAddLabel(question, name) : undefined}
    />
  );
  if (!several) return <div data-question={question.id}>{editor}</div>;
  return (
    <section
      className={css.part}
      data-question={question.id}
      data-testid={`question-${question.id}`}
      data-live={live}
      data-answered={question.id in drafts || undefined}
      aria-label={question.name}
      onFocusCapture={() => live || answering.focus(question)}
    >
      <button type="button" className={css.name} onClick={() => answering.focus(question)} tabIndex={-1}>
        <b dir="auto">{question.name}</b>
        <span className={css.marks}>
          {!question.required && <Badge>{s.label.optional}</Badge>}
          {one.jump !== null && <Jump action={one.jump} />}
        </span>
      </button>
      {editor}
    </section>
  );
}

function Jump({ action }: { action: NonNullable<KeysOf["jump"]> }) {
  const [key] = useKeysOf(action);
  return <KeyCap silent>{key}</KeyCap>;
}
