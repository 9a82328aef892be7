import type { ReactNode } from "react";
import css from "./evaluation.module.css";

interface Props {
  title: string;
  /** What the table or chart says, and how to read it. */
  text?: ReactNode;
  action?: ReactNode;
  testId?: string;
  children: ReactNode;
}

/** One part of the page. */
export function Block({ title, text, action, testId, children }: Props) {
  return (
    <section className="lw-panel" data-testid={testId}>
      <div className={css.head}>
        <h2>{title}</h2>
        {action}
      </div>
      {text && <p className="lw-quiet lw-small">{text}</p>}
      {children}
    </section>
  );
}

/** A table that scrolls sideways where it is wider than the page. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
