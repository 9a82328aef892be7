import type { TaskKind } from "../kind";
import { Editor } from "./Editor";
import { task as logic } from "./logic";

export const task: TaskKind = { ...logic, Editor };
