/** Small dumb parts that every page uses. */
import { onSite } from "@/site/base";
import type { ReactNode } from "react";
import { cell, figure } from "./format";
import { Icon, type IconName } from "./Icon";
import css from "./parts.module.css";
import { s } from "./strings";

/** A key on a control; where the control has words of its own, the key is not read out with them. */
export function KeyCap({ children, silent = false }: { children: ReactNode; silent?: boolean }) {
  return (
    <kbd className={css.key} aria-hidden={silent || undefined}>
      {children}
    </kbd>
  );
}

interface EstimateLike {
  value: number;
  low: number;
  high: number;
  n: number;
  enough: boolean;
}

/** A figure, always with its interval and its n. */
export function Figure({ estimate, withN = true }: { estimate: EstimateLike; withN?: boolean }) {
  const interval = `[${figure(estimate.low)}, ${figure(estimate.high)}]`;
  return (
    <span className={`${css.figure} lw-num`} title={estimate.enough ? s.common.interval : s.common.tooFew}>
      <b>{figure(estimate.value)}</b>
      <span>
        {interval}
        {withN && ` n=${cell(estimate.n)}`}
        {!estimate.enough && ` · ${s.common.tooFew}`}
      </span>
    </span>
  );
}

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={css.empty}>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}

interface NoticeProps {
  tone: "bad" | "warn";
  icon?: IconName;
  children: ReactNode;
  action?: ReactNode;
}

export function Notice({ tone, icon = "alert", children, action }: NoticeProps) {
  return (
    <div className={`${css.notice} ${tone === "bad" ? css.bad : css.warn}`} role={tone === "bad" ? "alert" : "status"}>
      <Icon name={icon} />
      <div>{children}</div>
      {action}
    </div>
  );
}

export interface ErrorLike {
  message: string;
  hint?: string;
  requestId?: string;
}

/** What happened, what to do, and the id to report. */
export function ErrorNotice({ error, action }: { error: ErrorLike; action?: ReactNode }) {
  return (
    <Notice tone="bad" action={action}>
      <p>{error.message}</p>
      {error.hint && <p className="lw-small lw-quiet">{error.hint}</p>}
      {error.requestId && <p className="lw-small lw-quiet">{s.common.requestId(error.requestId)}</p>}
    </Notice>
  );
}

export function Dot({ color }: { color: string }) {
  return <span className={css.dot} style={{ background: color }} aria-hidden />;
}

export function Badge({ tone, children }: { tone?: "good" | "warn" | "bad" | "accent"; children: ReactNode }) {
  return (
    <span className={css.badge} data-tone={tone}>
      {children}
    </span>
  );
}

export function Page({ title, actions, children }: { title: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <main className={css.page}>
      <div className={css.pageHead}>
        <h1>{title}</h1>
        {actions}
      </div>
      {children}
    </main>
  );
}

/** Whether a preview is an image's address rather than text. */
export function isPicture(preview: string): boolean {
  return /^(data:image\/|\/api\/|blob:)/.test(preview);
}

/** The beginning of an item: a thumbnail where the preview is an image's address, text otherwise. */
export function Peek({ preview }: { preview: string }) {
  if (isPicture(preview)) return <img className={css.thumb} src={onSite(preview)} alt="" loading="lazy" />;
  return (
    <span dir="auto" className="lw-clip">
      {preview}
    </span>
  );
}
