import type { ReactNode } from "react";
import css from "./drift.module.css";

interface Props {
  title: string;
  /** What the picture says, and how to read it. */
  text: string;
  action?: ReactNode;
  testId: string;
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
      <p className="lw-quiet lw-small">{text}</p>
      {children}
    </section>
  );
}
