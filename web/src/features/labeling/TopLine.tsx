import { useSettings } from "@/actions/settings";
import type { ProjectDetail, Question } from "@/api/types";
import { count } from "@/ui/format";
import { s } from "@/ui/strings";
import { OfflineSwitch } from "./OfflineSwitch";
import { Pace } from "./Pace";
import { SavedState } from "./SavedState";
import type { State } from "./state";
import css from "./top.module.css";
import { useToday } from "./useToday";

interface Props {
  project: ProjectDetail;
  /** When the server counted what `project` holds. */
  countedAt: number;
  questions: readonly Question[];
  state: State;
  onOffline: () => void;
}

export function TopLine({ project, countedAt, questions, state, onOffline }: Props) {
  const { mine } = project;
  const { offline } = useSettings();
  const title = questions.length > 1 ? s.label.questions(questions.length) : project.question.name;
  const today = useToday(project.slug, mine.today, countedAt, state.given);
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
      {(state.current !== null || offline) && <OfflineSwitch state={state} onToggle={onOffline} />}
      <SavedState />
    </div>
  );
}
