import { onSite } from "@/site/base";
import type { ReactNode } from "react";
import { s } from "@/ui/strings";
import css from "./session.module.css";

export function Card({ title, onSubmit, children }: { title: string; onSubmit: () => void; children: ReactNode }) {
  return (
    <main className={css.centre}>
      <form
        className={css.card}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <div className={css.brand}>
          <img src={onSite("/favicon.svg")} width={28} height={28} alt="" /> {s.common.product}
        </div>
        <h1>{title}</h1>
        {children}
      </form>
    </main>
  );
}
