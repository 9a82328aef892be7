/** Finds the tasks: a folder beside this file is all that a new kind of label needs. */
import type { Question } from "@/api/types";
import type { TaskKind } from "./kind";

const modules = import.meta.glob<TaskKind>("./*/index.ts", { eager: true, import: "task" });
const TASKS = new Map(Object.values(modules).map((task) => [task.name, task]));

export function taskOf(question: Pick<Question, "view" | "task">): TaskKind {
  const task = TASKS.get(question.view) ?? TASKS.get(question.task);
  if (!task) throw new Error(`No editor for the task '${question.task}'.`);
  return task;
}

export type { TaskKind, EditorProps } from "./kind";
