import { Button } from "@mantine/core";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./create.module.css";
import type { Role } from "./model";

interface Props {
  column: string;
  busy: boolean;
  onRole: (role: Role) => void;
}

const ROLES = ["label", "features", "none"] as const;

/** Asks what a column is that looks like the answer: a model that learns from the answer would be useless. */
export function AnswerColumn({ column, busy, onRole }: Props) {
  return (
    <Notice tone="warn">
      <div className={css.answer} data-testid="answer-column">
        <b dir="auto">{s.create.answerTitle(column)}</b>
        <p className="lw-small">{s.create.answerText}</p>
        <div className={css.chips}>
          {ROLES.map((role) => (
            <Button key={role} size="compact-sm" variant="default" disabled={busy} onClick={() => onRole(role)}>
              {s.create.answerIs[role]}
            </Button>
          ))}
        </div>
      </div>
    </Notice>
  );
}
