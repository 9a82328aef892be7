import type { ProjectDetail, Question } from "@/api/types";
import { count } from "@/ui/format";
import { s } from "@/ui/strings";
import css from "./label.module.css";
import type { State } from "./state";
import { Pace } from "./Pace";
import { SavedState } from "./SavedState";

export function TopLine({ project, questions, state }: { project: ProjectDetail; questions: readonly Question[]; state: State }) {
  const { mine } = project;
  const title = questions.length > 1 ? s.label.questions(questions.length) : project.question.name;
  // What the server counted when the page was opened, and what was given since.
  const today = (state.done.length >= 0 ? startOf(project) : 0) + state.given;
  return (
    <div className={css.top}>
      <h1 className={`${css.question} lw-clip`} dir="auto" title={title}>
        {title}
      </h1>
      <span className={`${css.counts} lw-num lw-quiet`}>
        <span data-testid="own-count" title={s.label.ownTitle(mine.total, mine.seconds_median ?? null)}>
          {s.label.today(count(today))}
        </span>
        {state.left !== null && <span className={css.wide}>{s.label.left(count(state.left))}</span>}
        <Pace pace={mine.pace} />
      </span>
      <SavedState />
    </div>
  );
}

const starts = new Map<string, number>();

/** The count of today at the first sight of this project; a later one would count answers of this visit twice. */
function startOf(project: ProjectDetail): number {
  const known = starts.get(project.slug);
  if (known !== undefined) return known;
  starts.set(project.slug, project.mine.today);
  return project.mine.today;
}
