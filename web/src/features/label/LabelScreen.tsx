import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ActionId } from "@/actions/keys";
import { set, useSettings } from "@/actions/settings";
import { useActions } from "@/actions/useActions";
import type { Answer, ProjectDetail } from "@/api/types";
import { taskOf } from "@/tasks";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Actions } from "./Actions";
import { Announcer } from "./Announcer";
import { Aside } from "./Aside";
import { GridMode } from "./GridMode";
import { ItemPane } from "./ItemPane";
import css from "./label.module.css";
import type { Done } from "./model";
import { ReasonBox, type ReasonFor } from "./ReasonBox";
import { Recent } from "./Recent";
import { Refused } from "./Refused";
import { TopLine } from "./TopLine";
import { useLabeling } from "./useLabeling";
import { addLabel } from "./work";

export function LabelScreen({ project }: { project: ProjectDetail }) {
  const { question, slug } = project;
  const task = taskOf(question);
  const prefs = useSettings();
  const client = useQueryClient();
  const [grid, setGrid] = useState(false);
  const [box, setBox] = useState<ReasonFor | null>(null);
  const [whyOpen, setWhyOpen] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const [hint, setHint] = useState("");
  const labeling = useLabeling(project, grid);
  const { state, store, finish, undo, correct } = labeling;
  const { current, draft } = state;

  const submit = (label: Answer | null) => {
    if (label === null) {
      setHint(task.single ? s.label.chooseFirst : s.label.chooseOrNone);
      return;
    }
    setHint("");
    if (current?.mode === "correct" && JSON.stringify(label) === JSON.stringify(current.before)) store.dispatch({ type: "leave" });
    else finish("answer", { label });
  };
  const change = (label: Answer | null, done = false) => {
    setHint("");
    if (done && !(task.single && prefs.askEnter)) submit(label);
    else store.dispatch({ type: "draft", label });
  };
  const reopen = (target: Done | undefined) => {
    if (!target) return false;
    if (target.kind === "answer" || target.kind === "correct") correct(target);
    else undo(target);
    return true;
  };
  const openGuidelines = () => {
    if (window.matchMedia("(width < 900px)").matches) setDrawer(!drawer);
    else set({ guidelinesOpen: !prefs.guidelinesOpen });
  };

  const act = (id: ActionId): boolean => {
    setHint("");
    if (id === "leave") {
      if (box) setBox(null);
      else if (current) store.dispatch({ type: "leave" });
      return true;
    }
    if (box) return false;
    if (id === "guidelines") openGuidelines();
    else if (id === "why") setWhyOpen(!whyOpen);
    else if (id === "undo") undo();
    else if (id.startsWith("recent.")) return reopen(state.done[Number(id.slice(7)) - 1]);
    else if (id === "search") document.querySelector<HTMLElement>("[data-label-search]")?.focus();
    else if (!current) return false;
    else if (id === "grid") setGrid(task.single);
    else if (id === "note") setBox("note");
    else if (id === "submit") submit(draft);
    else if (current.mode === "correct" && (id === "skip" || id === "skip.reason" || id === "flag")) setHint(s.label.noSkipInCorrection);
    else if (id === "skip") finish("skip");
    else if (id === "skip.reason") setBox("skip");
    else if (id === "flag") setBox("flag");
    else {
      const press = task.press(id, question, draft);
      if (press === null) return false;
      if ("label" in press) change(press.label, press.done);
      else if ("focus" in press) moveFocus(press.focus);
      else typeInto(press.type);
    }
    return true;
  };
  useActions(grid ? ["label", "grid"] : ["label"], (id) => (grid ? false : act(id)));

  if (grid) return <GridMode project={project} store={store} seconds={labeling.seconds} onLeave={() => setGrid(false)} />;

  return (
    <main className={css.screen}>
      <TopLine project={project} state={state} />
      <Refused />
      <div className={css.work}>
        <div className={css.left}>
          <ItemPane project={project} labeling={labeling} />
          <div className={css.editor} inert={current === null}>
            {current && (
              <task.Editor
                item={current.item}
                question={question}
                label={draft}
                onChange={change}
                onAddLabel={
                  question.open
                    ? async (name) => {
                        const added = await addLabel(slug, name);
                        client.setQueryData(["project", slug], { ...project, question: added.question });
                        return added.label;
                      }
                    : undefined
                }
              />
            )}
          </div>
          <div className={css.below}>
            {box && (
              <ReasonBox
                kind={box}
                start={box === "note" ? state.reason : ""}
                onCancel={() => setBox(null)}
                onDone={(text) => {
                  setBox(null);
                  if (box === "note") store.dispatch({ type: "reason", text });
                  else finish(box, { reason: text });
                }}
              />
            )}
            <Actions project={project} state={state} onAct={act} hint={hint} single={task.single} onGuidelines={openGuidelines} />
            {labeling.error && !labeling.error.transient && current && <ErrorNotice error={labeling.error} />}
          </div>
          <Recent done={state.done} question={question} onPick={reopen} />
        </div>
        <Aside project={project} last={state.done[0]} whyOpen={whyOpen} onWhy={setWhyOpen} drawer={drawer} onDrawer={setDrawer} />
      </div>
      <Announcer state={state} />
    </main>
  );
}

/** Arrows walk the toggles; Space then toggles the one in focus, as in any list of check boxes. */
function moveFocus(by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>("[data-choice]")];
  const at = all.findIndex((one) => one === document.activeElement);
  const to = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
  all[to]?.focus();
}

/** A digit pressed anywhere starts the number. */
function typeInto(text: string): void {
  const input = document.querySelector<HTMLInputElement>("input[data-typed]");
  if (!input) return;
  input.focus();
  input.select();
  document.execCommand("insertText", false, text);
}
