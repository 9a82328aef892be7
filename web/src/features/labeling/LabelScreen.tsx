import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { ActionId } from "@/actions/keys";
import { set, useSettings } from "@/actions/settings";
import { useActions } from "@/actions/useActions";
import type { ProjectDetail, Question } from "@/api/types";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Actions } from "./Actions";
import { Announcer } from "./Announcer";
import { kindOf } from "./answers";
import { Aside } from "./Aside";
import { GridMode } from "./GridMode";
import { ItemPane } from "./ItemPane";
import css from "./label.module.css";
import { News, useNews } from "./News";
import { gridQuestion, ordered } from "./questions";
import { Questions } from "./Questions";
import { ReasonBox, type ReasonFor } from "./ReasonBox";
import { Recent } from "./Recent";
import { Refused } from "./Refused";
import { addLabel } from "./requests";
import type { Done } from "./state";
import { Told } from "./Told";
import { TopLine } from "./TopLine";
import { useAgain } from "./useAgain";
import { partOf, useAnswering } from "./useAnswering";
import { useGuard } from "@/actions/useGuard";
import { useLabeling } from "./useLabeling";

interface Props {
  project: ProjectDetail;
  /** When the server counted what `project` holds. */
  countedAt: number;
  /** An answer of the person's that is to be given again. */
  correct: string | null;
  onOpened: () => void;
}

export function LabelScreen({ project, countedAt, correct: again, onOpened }: Props) {
  const { slug } = project;
  const questions = useMemo(() => ordered(project.questions), [project.questions]);
  const asksGrid = gridQuestion(questions);
  const prefs = useSettings();
  const client = useQueryClient();
  const [grid, setGrid] = useState(false);
  const [box, setBox] = useState<ReasonFor | null>(null);
  const [whyOpen, setWhyOpen] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const labeling = useLabeling(project, questions, grid);
  const { state, store, dismiss, undo, correct } = labeling;
  const news = useNews(project);
  // An answer that was begun is given first.
  const interrupts = news !== null && Object.keys(state.drafts).length === 0 && !box;
  const guard = useGuard(grid || interrupts ? -1 : state.shown, state.asked);
  const answering = useAnswering(questions, labeling, guard);
  const { live, setHint } = answering;
  useAgain(slug, again, correct, onOpened);
  const { current } = state;
  // There is nothing to answer, and it has been said why.
  const idle = current === null && (state.emptyBecause !== null || labeling.error !== null);
  const guided = questions.some((one) => one.guidelines.markdown.trim() !== "");
  const toggleOffline = () => set({ offline: !prefs.offline });

  const reopen = (target: Done | undefined) => {
    if (!target) return false;
    const kind = kindOf(target);
    if (kind === "skip" || kind === "flag") undo(target);
    else correct(target);
    return true;
  };
  const openGuidelines = () => {
    if (!guided) setHint(s.label.noGuidelines);
    else if (window.matchMedia("(width < 900px)").matches) setDrawer(!drawer);
    else set({ guidelinesOpen: !prefs.guidelinesOpen });
  };
  const move = (by: 1 | -1): boolean => {
    const focused = document.activeElement;
    // Elsewhere on the page Tab goes where it always goes.
    if (!(focused instanceof HTMLElement) || (focused !== document.body && !focused.closest("[data-questions]"))) return false;
    if (!answering.move(by)) return false;
    focused.blur();
    return true;
  };

  const act = (id: ActionId): boolean => {
    if (id === "question.next" || id === "question.previous") return !box && move(id === "question.next" ? 1 : -1);
    setHint("");
    if (id === "leave") {
      if (box) setBox(null);
      else if (current) store.dispatch({ type: "leave" });
      return true;
    }
    if (box) return false;
    if (id === "guidelines") openGuidelines();
    else if (id === "why") setWhyOpen(!whyOpen);
    else if (id === "offline") toggleOffline();
    else if (id === "undo") undo();
    else if (id.startsWith("recent.")) return reopen(state.done[Number(id.slice(7)) - 1]);
    else if (id === "search") (live ? partOf(live) : null)?.querySelector<HTMLElement>("[data-label-search]")?.focus();
    else if (!current) return false;
    else if (id === "grid") setGrid(asksGrid !== null);
    else if (id === "note") setBox("note");
    else if (id === "submit") answering.submit();
    else if (current.mode === "correct" && (id === "skip" || id === "skip.reason" || id === "flag")) setHint(s.label.noSkipInCorrection);
    else if ((id === "skip" || id === "skip.reason" || id === "flag") && guard.tooSoon()) setHint(s.label.tooSoon);
    else if (id === "skip") dismiss("skip");
    else if (id === "skip.reason") setBox("skip");
    else if (id === "flag") setBox("flag");
    else return answering.press(id);
    return true;
  };
  useActions(["label"], (id) => (grid || interrupts ? false : act(id)));

  const add = async (question: Question, name: string) => {
    const added = await addLabel(slug, question.id, name);
    client.setQueryData(["project", slug], withQuestion(project, added.question));
    return added.label;
  };

  if (interrupts) return <News project={project} news={news} />;
  if (grid && asksGrid) return <GridMode slug={slug} question={asksGrid} store={store} onLeave={() => setGrid(false)} />;

  return (
    <main className={css.screen} data-several={questions.length > 1 || undefined} data-idle={idle || undefined}>
      <TopLine project={project} countedAt={countedAt} questions={questions} state={state} onOffline={toggleOffline} />
      <Refused />
      <div className={css.work}>
        <div className={css.left}>
          <ItemPane project={project} labeling={labeling} pane={guard.pane} />
          <div className={css.editor} data-editor inert={current === null}>
            {current && <Questions item={current.item} drafts={state.drafts} answering={answering} onAddLabel={add} />}
          </div>
          <div className={css.below}>
            {labeling.fast && <p className="lw-quiet lw-small" role="status" data-testid="fast">{s.label.fast(labeling.fast.now, labeling.fast.usual)}</p>}
            {project.tells && <Told slug={slug} last={state.done[0]} store={store} onCorrect={correct} />}
            {box && (
              <ReasonBox
                kind={box}
                start={box === "note" ? state.reason : current?.words?.kind === box ? current.words.text : ""}
                onCancel={() => setBox(null)}
                onDone={(text) => {
                  setBox(null);
                  if (box === "note") store.dispatch({ type: "reason", text });
                  else dismiss(box, text);
                }}
              />
            )}
            {(!idle || state.done.length > 0) && <Actions state={state} answering={answering} grid={asksGrid !== null} onAct={act} onGuidelines={guided ? openGuidelines : null} />}
            {labeling.error && !labeling.error.transient && current && <ErrorNotice error={labeling.error} />}
          </div>
          {(!idle || state.done.length > 0) && <Recent done={state.done} questions={questions} onPick={reopen} />}
        </div>
        <Aside slug={slug} question={live ?? project.question} several={questions.length > 1} guided={guided} last={state.done[0]} whyOpen={whyOpen} onWhy={setWhyOpen} drawer={drawer} onDrawer={setDrawer} />
      </div>
      <Announcer state={state} keys={answering.keys} />
    </main>
  );
}

function withQuestion(project: ProjectDetail, changed: Question): ProjectDetail {
  const questions = project.questions.map((one) => (one.id === changed.id ? changed : one));
  return { ...project, questions, question: project.question.id === changed.id ? changed : project.question };
}
