import { Button } from "@mantine/core";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { ItemView } from "@/items";
import { Badge, KeyCap, Notice } from "@/ui/parts";
import { Discussion } from "@/ui/Discussion";
import { s } from "@/ui/strings";
import css from "./calibration.module.css";
import { DecideForm } from "./DecideForm";
import { comment, useChange, type Session, type SessionItem } from "./requests";

interface Props {
  slug: string;
  session: Session;
  item: SessionItem;
  isFirst: boolean;
  isLast: boolean;
  onStep: (by: 1 | -1) => void;
}

/** One item of a revealed session: what each person said and why, the discussion, the decision. */
export function Detail({ slug, session, item, isFirst, isLast, onStep }: Props) {
  const may = useMayIn(slug);
  return (
    <article className={css.detail} data-testid="detail" data-place={item.place} aria-label={s.calibration.of(Number(item.place), session.items.length)}>
      <header className={css.detailHead}>
        <h2>{s.calibration.of(Number(item.place), session.items.length)}</h2>
        {item.gold && <Badge>{s.calibration.isGold}</Badge>}
        {item.example && <Badge>{s.calibration.isExample}</Badge>}
        <span className={css.space} />
        <Button size="compact-sm" variant="default" disabled={isFirst} onClick={() => onStep(-1)}>
          {s.calibration.previousItem}
        </Button>
        <Button size="compact-sm" variant="default" disabled={isLast} onClick={() => onStep(1)} rightSection={<KeyCap silent>j</KeyCap>}>
          {s.calibration.nextItem}
        </Button>
      </header>
      <section className={css.item} data-kind={item.item.content.kind}>
        <ItemView item={item.item} />
      </section>
      {item.hidden ? (
        <Notice tone="warn">{s.calibration.hidden}</Notice>
      ) : (
        <>
          <ul className={css.answers} aria-label={s.calibration.answers}>
            {item.answers.map((one) => (
              <li key={one.person_id}>
                <b dir="auto">{one.label}</b>
                <span>{one.person}</span>
                {one.note && <q dir="auto">{one.note}</q>}
                {one.seconds !== null && <span className="lw-quiet lw-small">{s.calibration.seconds(one.seconds)}</span>}
              </li>
            ))}
          </ul>
          <div className={css.beside}>
            <section className="lw-panel">
              {item.decision && (
                <p dir="auto" data-testid="decision">
                  <b>{s.calibration.decisionWas(item.decision.label, item.decision.by)}</b> {item.decision.reason}
                </p>
              )}
              {session.may_decide && <DecideForm slug={slug} session={session} item={item} onDecided={() => onStep(1)} />}
            </section>
            <Comments slug={slug} session={session} item={item} mayWrite={session.line.state === "revealed" && may("label")} />
          </div>
        </>
      )}
    </article>
  );
}

function Comments({ slug, session, item, mayWrite }: { slug: string; session: Session; item: SessionItem; mayWrite: boolean }) {
  const send = useChange<string>(slug, session.line.id, (words) => comment(slug, session.line.id, item.place, words));
  return (
    <Discussion
      title={s.calibration.comments}
      write={s.calibration.comment}
      send={s.calibration.send}
      comments={item.comments}
      mayWrite={mayWrite}
      pending={send.isPending}
      error={send.error && asApiError(send.error)}
      onSend={(text, done) => send.mutate(text, { onSuccess: done })}
    />
  );
}
