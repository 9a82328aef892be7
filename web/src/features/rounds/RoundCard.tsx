import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useMayIn } from "@/api/projects";
import { slotLook } from "@/api/slots";
import { ago, count, duration } from "@/ui/format";
import { Badge, Dot, Figure } from "@/ui/parts";
import { s } from "@/ui/strings";
import { EditRound } from "./EditRound";
import type { Round } from "./requests";
import css from "./rounds.module.css";

const texts = s.rounds;
const DRAFTS = 4; // hypothesis, change, measure and verdict
const TONES = { held: "good", failed: "bad", open: undefined } as const;

/** One experiment: what was expected and changed, what was asked, what came of it, and the verdict. */
export function RoundCard({ slug, round }: { slug: string; round: Round }) {
  const may = useMayIn(slug);
  const [edits, setEdits] = useState(false);
  const isDraft = (name: string) => round.drafted.includes(name);
  return (
    <li className={css.round} data-testid={`round-${round.number}`}>
      <span className={css.number} aria-hidden>
        {round.number}
      </span>
      <div className={css.card}>
        <div className={css.head}>
          <h2>
            {texts.number(round.number)} <span className={css.when}>{round.state === "running" ? `${texts.running} · ` : ""}{ago(round.started_at)}</span>
          </h2>
          <span className={css.buttons}>
            <Verdict round={round} />
            {may("project.manage") && !edits && (
              <Button variant="default" size="compact-xs" onClick={() => setEdits(true)} aria-label={texts.editOf(round.number)}>
                {texts.edit}
              </Button>
            )}
          </span>
        </div>
        {edits && <EditRound slug={slug} round={round} onDone={() => setEdits(false)} />}
        {!edits && isBrief(round) && <Brief round={round} />}
        {!edits && !isBrief(round) && (
          <div className={css.halves}>
            <dl className={css.said}>
              <Field name={texts.fields.hypothesis} draft={isDraft("hypothesis")} strong>{round.hypothesis}</Field>
              <Field name={texts.fields.change} draft={isDraft("change")}>{round.change}</Field>
              <Field name={texts.fields.measure} draft={isDraft("measure")}>{round.measure}</Field>
              {round.note && <Field name={texts.fields.note}>{round.note}</Field>}
            </dl>
            <Seen round={round} />
          </div>
        )}
      </div>
    </li>
  );
}

/** Whether there is nothing to tell: nobody said anything, nothing was changed, and nothing follows. */
function isBrief(round: Round): boolean {
  return !round.changed && round.drafted.length === DRAFTS && !round.note && round.verdict === "open" && round.state !== "running";
}

function Brief({ round }: { round: Round }) {
  return (
    <div className={css.brief}>
      <span>{round.change}</span>
      <span className="lw-small">{texts.planned(round.answers, round.planned)}</span>
      {round.after && <Figure estimate={round.after} />}
      <span className="lw-small">{round.outcome}</span>
    </div>
  );
}

function Verdict({ round }: { round: Round }) {
  return (
    <span title={round.drafted.includes("verdict") ? texts.draftTitle : undefined}>
      <Badge {...(TONES[round.verdict] ? { tone: TONES[round.verdict] } : {})}>{texts.verdicts[round.verdict]}</Badge>
    </span>
  );
}

function Field({ name, draft = false, strong = false, children }: { name: string; draft?: boolean; strong?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>
        {name}
        {draft && <i title={texts.draftTitle}>{texts.draft}</i>}
      </dt>
      <dd dir="auto">{strong ? <b>{children}</b> : children}</dd>
    </div>
  );
}

function Seen({ round }: { round: Round }) {
  const share = Math.min(1, round.answers / Math.max(1, round.planned));
  return (
    <div className={css.seen}>
      <span className={css.asked}>
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <span className="lw-small lw-quiet">
        {texts.planned(round.answers, round.planned)} · {duration(round.seconds)} · {round.strategy}
      </span>
      <Mix asked={round.asked} />
      <div className={css.outcome}>
        <span className="lw-small lw-quiet">{texts.fields.outcome}</span>
        {round.after && <Figure estimate={round.after} />}
        <span className="lw-small">{round.outcome}</span>
      </div>
    </div>
  );
}

export function Mix({ asked }: { asked: Round["asked"] }) {
  return (
    <span className={`${css.mix} lw-quiet lw-small lw-num`}>
      {Object.entries(asked).map(([kind, n]) => (
        <span key={kind}>
          <Dot color={slotLook(kind).color} /> {count(n)} {slotLook(kind).label}
        </span>
      ))}
    </span>
  );
}
