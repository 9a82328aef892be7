import { Button, Loader } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { Keyed } from "@/actions/Keyed";
import type { ActionId } from "@/actions/keys";
import { useActions } from "@/actions/useActions";
import { asApiError, type ApiError } from "@/api/error";
import type { Answer, Question } from "@/api/types";
import { ItemView } from "@/items";
import { taskOf } from "@/tasks";
import { Empty, ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./grid.module.css";
import { batch, emptyGrid, gridMove, gridToggle, gridUndo, type Grid } from "./grid";
import screen from "./label.module.css";
import top from "./top.module.css";
import { fromLease } from "./model";
import { SavedState } from "./SavedState";
import { giveBack, takeWork } from "./requests";
import { outbox } from "./sender";
import type { LabelStore } from "./store";
import { useActiveClock } from "@/actions/useActiveClock";
import { useGuard } from "@/actions/useGuard";

const MANY = 12;

interface Props {
  slug: string;
  question: Question;
  store: LabelStore;
  onLeave: () => void;
}

/** Many similar items, all selected: one key labels them, a click takes one out. */
export function GridMode({ slug, question, store, onLeave }: Props) {
  const task = taskOf(question);
  const [grid, setGrid] = useState<Grid>(emptyGrid);
  const [error, setError] = useState<ApiError | null>(null);
  const [loading, setLoading] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const busy = useRef(false);
  const [sets, setSets] = useState(0);
  const clock = useActiveClock(sets);
  const { tooSoon, pane } = useGuard(sets);

  const load = useCallback(() => {
    if (busy.current) return;
    busy.current = true;
    setLoading(true);
    takeWork(slug, MANY, true)
      .then(
        (queue) => {
          const cards = queue.leases.filter((lease) => !store.current().answered.has(lease.item.id)).map(fromLease);
          store.dispatch({ type: "taken", itemIds: cards.map((card) => card.item.id) });
          setSets((n) => n + 1);
          setError(null);
          setGrid((now) => ({ ...emptyGrid, cards, last: now.last }));
        },
        (thrown: unknown) => setError(asApiError(thrown)),
      )
      .finally(() => {
        busy.current = false;
        setLoading(false);
      });
  }, [slug, store]);
  useEffect(load, [load]);

  const release = (cards: Grid["cards"]) => cards.forEach((card) => card.leaseId !== null && giveBack(slug, card.leaseId));

  const answer = (label: Answer) => {
    if (tooSoon()) return;
    const { send, done, cards, excluded } = batch(grid, { question: question.id, label, summary: task.summary(label, question) }, clock.current, Date.now());
    if (send.length === 0) return;
    outbox.add(slug, send, s.label.gridTitle(send.length));
    store.dispatch({ type: "batch", done });
    release(excluded);
    setGrid({ ...emptyGrid, last: cards });
    load();
  };

  const act = (id: ActionId): boolean => {
    const columns = box.current ? getComputedStyle(box.current).gridTemplateColumns.split(" ").length : 1;
    if (id === "leave" || id === "grid") {
      release(grid.cards);
      onLeave();
    } else if (id === "grid.toggle") setGrid((now) => gridToggle(now, now.cursor));
    else if (id === "grid.left") setGrid((now) => gridMove(now, -1));
    else if (id === "grid.right") setGrid((now) => gridMove(now, 1));
    else if (id === "grid.up") setGrid((now) => gridMove(now, -columns));
    else if (id === "grid.down") setGrid((now) => gridMove(now, columns));
    else if (id === "undo") {
      const undone = gridUndo(grid, store.current().done);
      if (undone.send.length === 0) return true;
      release(grid.cards);
      outbox.add(slug, undone.send, s.label.gridTitle(undone.send.length));
      store.dispatch({ type: "unbatch", refs: undone.refs });
      setSets((n) => n + 1);
      setGrid(undone.grid);
    } else {
      const press = task.press(id, question, null);
      if (!press || !("label" in press) || !press.done || !press.label) return false;
      answer(press.label);
    }
    return true;
  };
  useActions(["label", "grid"], act);

  const selected = grid.cards.length - grid.out.size;
  const first = grid.cards[0];
  return (
    <main ref={pane} className={screen.screen}>
      <div className={top.top}>
        <h1 className={`${top.question} ${css.question} lw-clip`} dir="auto">{question.name}</h1>
        <span className={`${css.selected} lw-quiet lw-num`}>{s.label.gridSelected(selected, grid.cards.length)}</span>
        <SavedState />
        <Keyed id="undo" icon="undo" text={s.label.undo} disabled={grid.last.length === 0} onClick={() => act("undo")} testId="undo" />
        <Keyed id="leave" icon="close" text={s.label.gridLeave} onClick={() => act("leave")} />
      </div>
      <div className={css.body}>
        {error ? (
          <ErrorNotice error={error} action={<Button size="compact-sm" variant="default" onClick={load}>{s.common.retry}</Button>} />
        ) : grid.cards.length === 0 ? (
          loading ? <Loader size="sm" m="xl" /> : (
            <Empty title={s.label.gridEmpty} action={<Button variant="default" onClick={() => act("leave")}>{s.label.gridLeave}</Button>}>
              {s.label.gridEmptyText}
            </Empty>
          )
        ) : (
          <div ref={box} className={css.cards} role="group" aria-label={s.label.gridSelected(selected, grid.cards.length)}>
            {grid.cards.map((card, i) => {
              const out = grid.out.has(card.item.id);
              return (
                <button
                  key={card.item.id}
                  type="button"
                  aria-pressed={!out}
                  className={css.card}
                  data-testid="grid-card"
                  data-item-id={card.item.id}
                  data-out={out || undefined}
                  data-cursor={i === grid.cursor || undefined}
                  onClick={() => setGrid((now) => gridToggle({ ...now, cursor: i }, i))}
                >
                  <div className={css.content}><ItemView item={card.item} compact /></div>
                  <span className="lw-clip lw-quiet lw-small">{out ? s.label.gridOut : card.item.key}</span>
                </button>
              );
            })}
          </div>
        )}
      </div>
      <div className={screen.editor}>
        {first && <task.Editor item={first.item} question={question} label={null} live onChange={(label) => label && answer(label)} />}
      </div>
      <p className={`${css.hint} lw-quiet lw-small`}>{s.label.gridHint}</p>
    </main>
  );
}
