import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { ApiError } from "@/api/error";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./settings.module.css";

interface Props {
  title: string;
  /** Nothing to save. */
  clean: boolean;
  pending: boolean;
  done: boolean;
  conflict: boolean;
  error: ApiError | null;
  /** A field is wrong. */
  blocked?: boolean;
  onSave: () => void;
  more?: ReactNode;
  children: ReactNode;
  testid: string;
}

/** A part of the settings that is saved by itself. */
export function Section({ title, clean, pending, done, conflict, error, blocked = false, onSave, more, children, testid }: Props) {
  return (
    <section className={`lw-panel ${css.section}`} data-testid={testid}>
      <h2>{title}</h2>
      {children}
      {conflict && (
        <Notice tone="warn">
          <p>{s.settings.conflict}</p>
        </Notice>
      )}
      {error && <ErrorNotice error={error} />}
      <div className={css.buttons}>
        <Button onClick={onSave} loading={pending} disabled={clean || blocked}>
          {s.settings.save}
        </Button>
        {more}
        <span className="lw-quiet lw-small" role="status">
          {done && clean ? s.settings.saved : ""}
        </span>
      </div>
    </section>
  );
}
