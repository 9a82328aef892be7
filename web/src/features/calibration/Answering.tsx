import { Button, Textarea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { ActionId } from "@/actions/keys";
import { set, settings, useSettings } from "@/actions/settings";
import { useActions } from "@/actions/useActions";
import { useActiveClock } from "@/actions/useActiveClock";
import { useGuard } from "@/actions/useGuard";
import { asApiError } from "@/api/error";
import type { Answer, Question } from "@/api/types";
import { ItemView } from "@/items";
import { taskOf } from "@/tasks";
import { typeInto, walk } from "@/tasks/press";
import { ErrorNotice, KeyCap } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./answering.module.css";
import { answer, useChange, type Given, type Session } from "./requests";
import { Result, Told } from "./Result";

interface Props {
  slug: string;
  session: Session;
  guidelines: (question: Question) => ReactNode;
  /** For who leads and answers: the switch between both. */
  views: ReactNode;
}

const wide = () => window.matchMedia("(width >= 900px)").matches;

/** One item after the other, with the editor and keys of *Label*; in a training, what is right comes after each. */
export function Answering({ slug, session, guidelines, views }: Props) {
  const { line, items, question } = session;
  const training = line.purpose === "training";
  const { askEnter } = useSettings();
  const [draft, setDraft] = useState<{ place: string; label: Answer | null; note: string } | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const [hint, setHint] = useState("");
  const [guide, setGuide] = useState(() => wide() && settings().guidelinesOpen);
  const editor = useRef<HTMLDivElement>(null);
  const aside = useRef<HTMLElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const item = told === null ? items.find((one) => one.own === null) : items.find((one) => one.place === told);
  const shown = Number(item?.place ?? 0);
  const clock = useActiveClock(shown);
  const { pane, tooSoon } = useGuard(shown);
  const task = taskOf(question);
  const own = draft && draft.place === item?.place ? draft : { place: item?.place ?? "", label: null, note: "" };
  const send = useChange<Given>(slug, line.id, (given) => answer(slug, line.id, given));

  const submit = (label: Answer | null) => {
    if (!item || item.own || send.isPending) return;
    if (tooSoon()) return setHint(s.label.tooSoon);
    const problem = task.problem(label, question);
    setHint(problem ?? "");
    if (problem || label === null) return;
    if (training) setTold(item.place);
    send.mutate({ place: item.place, answer: label, note: own.note, seconds: clock.current.seconds(Date.now()) }, { onError: () => setTold(null) });
  };
  const change = (label: Answer | null, done = false) => {
    if (item?.own || send.isPending) return;
    setDraft({ ...own, label });
    setHint("");
    if (done && !(task.single && askEnter)) submit(label);
  };
  const next = () => {
    setTold(null);
    setDraft(null);
  };
  useEffect(() => {
    if (guide && !wide()) aside.current?.scrollIntoView({ block: "start" });
  }, [guide]);
  const toggleGuide = () => {
    if (wide()) set({ guidelinesOpen: !guide });
    setGuide(!guide);
  };
  const press = (id: ActionId) => {
    const meaning = task.press(id, question, own.label);
    if (meaning === null) return false;
    if ("label" in meaning) change(meaning.label, meaning.done);
    else if ("focus" in meaning) walk(editor.current, meaning.focus);
    else typeInto(editor.current, meaning.type);
    return true;
  };
  useActions(["label"], (id) => {
    if (!item) return false;
    if (id === "guidelines") toggleGuide();
    else if (item.own && id === "submit") next();
    else if (item.own) return false;
    else if (id === "note") note.current?.focus();
    else if (id === "submit") submit(own.label);
    else return press(id);
    return true;
  });

  return (
    <main className={css.screen} data-testid="calibrating">
      <header className={css.top}>
        <Link to="/p/$slug/calibrate" params={{ slug }}>
          {s.calibration.back}
        </Link>
        <h1 className="lw-clip" dir="auto">{line.title}</h1>
        {item && <span className="lw-num lw-quiet">{s.calibration.of(shown, items.length)}</span>}
        {views}
      </header>
      {!item ? (
        <div className={css.result}>
          <Result session={session} slug={slug} />
        </div>
      ) : (
        <div className={css.work} data-guide={guide || undefined}>
          <div className={css.left}>
            <section ref={pane} className={css.pane} data-testid="item" data-item-id={item.place} aria-label={s.calibration.of(shown, items.length)}>
              <ItemView key={item.place} item={item.item} />
            </section>
            <div ref={editor} data-questions className={css.editor}>
              <h2 dir="auto">{question.name}</h2>
              <div inert={item.own !== null || send.isPending} data-live="true">
                <task.Editor item={item.item} question={question} label={item.own ? (item.own.answer as Answer) : own.label} live={!item.own} onChange={change} />
              </div>
            </div>
            {item.own ? (
              <Told item={item} last={items.every((one) => one.own !== null)} onNext={next} />
            ) : (
              <div className={css.below}>
                <Textarea
                  ref={note}
                  className={css.note}
                  aria-label={s.calibration.note}
                  placeholder={s.calibration.note}
                  autosize
                  minRows={1}
                  maxRows={4}
                  maxLength={2000}
                  rightSection={<KeyCap silent>n</KeyCap>}
                  value={own.note}
                  onChange={(event) => setDraft({ ...own, note: event.currentTarget.value })}
                  onKeyDown={(event) => {
                    if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing)) {
                      event.preventDefault();
                      event.currentTarget.blur();
                    }
                  }}
                />
                <Button onClick={() => submit(own.label)} loading={send.isPending} rightSection={<KeyCap silent>⏎</KeyCap>}>
                  {s.calibration.submit}
                </Button>
                <Button variant="subtle" onClick={toggleGuide} aria-expanded={guide}>
                  {s.calibration.guidelines}
                </Button>
                <span className={css.hint} role="status">
                  {hint || (training ? s.calibration.blindTraining : s.calibration.blind)}
                </span>
              </div>
            )}
            {send.error && <ErrorNotice error={asApiError(send.error)} />}
          </div>
          {guide && (
            <aside ref={aside} className={css.guide} aria-label={s.calibration.guidelines}>
              <h2>{s.calibration.guidelines}</h2>
              {guidelines(question)}
            </aside>
          )}
        </div>
      )}
    </main>
  );
}
