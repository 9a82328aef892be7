import { Button, Loader } from "@mantine/core";
import type { RefObject } from "react";
import type { ProjectDetail } from "@/api/types";
import { ItemView } from "@/items";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { EmptyWork } from "./EmptyWork";
import css from "./label.module.css";
import { SaidLine } from "./SaidLine";
import type { Labeling } from "./useLabeling";

interface Props {
  project: ProjectDetail;
  labeling: Labeling;
  pane: RefObject<HTMLElement | null>;
}

export function ItemPane({ project, labeling, pane }: Props) {
  const { state, error, fetching, refill } = labeling;
  const card = state.current;
  if (!card) {
    return (
      <div className={css.pane} data-blank>
        <div className={css.blank}>
          {error ? (
            <ErrorNotice error={error.transient ? { ...error, message: error.message, hint: s.label.triedAgain } : error} action={<Button size="compact-sm" variant="default" onClick={refill}>{s.common.retry}</Button>} />
          ) : state.emptyBecause ? (
            <EmptyWork because={state.emptyBecause} waiting={state.waiting ?? null} project={project} onRetry={refill} />
          ) : (
            fetching && <Loader size="sm" aria-label={s.common.loading} />
          )}
        </div>
      </div>
    );
  }
  return (
    <section ref={pane} className={css.pane} data-testid="item" data-item-id={card.item.id} data-mode={card.mode} aria-label={s.label.itemLabel(card.item.key)}>
      <div className={css.content}>
        <ItemView item={card.item} />
      </div>
      <footer className={css.meta}>
        <span className={`${css.source} lw-clip`} dir="auto">
          {card.item.source === card.item.key ? card.item.key : `${card.item.source} · ${card.item.key}`}
        </span>
        <SaidLine key={state.shown} card={card} note={state.reason.trim()} />
        {card.mode !== "lease" && <b>{card.mode === "correct" ? s.label.correcting : s.label.again}</b>}
        {card.mode === "correct" && (
          <Button size="compact-xs" variant="subtle" onClick={() => labeling.store.dispatch({ type: "leave" })}>
            {s.label.leaveCorrection}
          </Button>
        )}
      </footer>
    </section>
  );
}
