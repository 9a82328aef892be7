import type { ComponentType } from "react";
import type { ActionId } from "@/actions/keys";
import type { Answer, Item, Label, Question } from "@/api/types";

export interface EditorProps {
  item: Item;
  question: Question;
  label: Answer | null;
  /** Digits and arrows mean this question now; several questions may stand on one screen. */
  live: boolean;
  /** `done`: the person meant it; submit now if single presses submit. */
  onChange: (label: Answer | null, done?: boolean) => void;
  /** Where annotators may add labels. */
  onAddLabel?: (name: string) => Promise<Label>;
}

/** What a key means for this task, or null for nothing. */
export type TaskPress = { label: Answer | null; done: boolean } | { focus: 1 | -1 } | { type: string } | null;

/** One folder a kind of label exports one of these as `task`. */
export interface TaskKind {
  name: string;
  Editor: ComponentType<EditorProps>;
  /** The keys that mean something here, for hints. */
  keys: (question: Question) => { keys: string; text: string }[];
  press: (id: ActionId, question: Question, label: Answer | null) => TaskPress;
  summary: (label: Answer | null, question: Question) => string;
  /** Why this cannot be submitted, as a sentence to the annotator, or null where it can. */
  problem: (label: Answer | null, question: Question) => string | null;
  /** Whether one press can answer: then grid mode makes sense and "ask for Enter" is a choice. */
  single: boolean;
  /** The labels that an answer carries, for colours. */
  carries: (label: Answer | null) => string[];
}
