import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { figure, moment } from "@/ui/format";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Tests } from "./Panel";
import { draw, settle, type Alarm, type Figure, type Outcome } from "./requests";
import css from "./drift.module.css";

const texts = s.drift.alarms;
const OUTCOMES: readonly Outcome[] = ["real", "false", "accepted"];
const WANTED = 100;

/** One alarm: what was seen, a sample that measures it, and what it was. */
export function AlarmCard({ slug, alarm }: { slug: string; alarm: Alarm }) {
  const may = useMayIn(slug);
  const isOver = alarm.state !== "open" && alarm.state !== "measured";
  return (
    <article className={css.alarm} data-state={alarm.state} data-testid="drift-alarm">
      <h3>{texts.since(s.drift.changed[alarm.what], alarm.since)}</h3>
      <p className="lw-small lw-quiet">{isOver ? texts.settled(texts.states[alarm.state], alarm.settled_by, moment(alarm.settled_at ?? alarm.at)) : `${texts.states[alarm.state]}, ${moment(alarm.at)}`}</p>
      {alarm.note !== null && <q dir="auto">{alarm.note}</q>}
      <Tests of={{ ...alarm.finding, onset: null }} />
      {alarm.sample && <Sample alarm={alarm} />}
      {alarm.state === "open" && may("project.manage") && <Draw slug={slug} alarm={alarm} />}
      {!isOver && may("project.manage") && <Settle slug={slug} alarm={alarm} />}
    </article>
  );
}

function Sample({ alarm }: { alarm: Alarm }) {
  if (!alarm.sample) return null;
  return (
    <div className={css.sample} data-testid="drift-sample">
      <b>{texts.sample(alarm.sample.n_answered, alarm.sample.n)}</b>
      {alarm.sample.n_answered > 0 && (
        <p className="lw-num">
          {texts.accuracy}: <Value of={alarm.sample.accuracy} />
        </p>
      )}
      {alarm.sample.n_answered > 0 && (
        <ul className={css.legend}>
          {alarm.sample.shares.map(({ label, name, figure: of }) => (
            <li key={label} className="lw-num">
              <span dir="auto">{name}</span>: <Value of={of} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Value({ of }: { of: Figure }) {
  if (of.value === null) return <span className="lw-quiet">{of.why}</span>;
  return (
    <>
      <b>{figure(of.value)}</b> {of.low !== null && of.high !== null && `[${figure(of.low)}, ${figure(of.high)}]`} n={of.n}
    </>
  );
}

function useDone(slug: string) {
  const client = useQueryClient();
  return () => Promise.all(["drift", "drift-alarms"].map((part) => client.invalidateQueries({ queryKey: [part, slug] })));
}

function Draw({ slug, alarm }: { slug: string; alarm: Alarm }) {
  const done = useDone(slug);
  const [n, setN] = useState(() => String(alarm.sizes.find((one) => one.n >= WANTED)?.n ?? alarm.sizes.at(-1)?.n ?? 0));
  const send = useMutation({ mutationFn: () => draw(slug, alarm.id, Number(n)), onSuccess: done });
  if (alarm.sizes.length === 0) return <p>{texts.noneLeft}</p>;
  return (
    <div>
      <p>{texts.propose}</p>
      <div className={css.row}>
        <Select aria-label={texts.sizes} allowDeselect={false} value={n} onChange={(value) => value && setN(value)} data={alarm.sizes.map((one) => ({ value: String(one.n), label: texts.size(one.n, one.half_width) }))} />
        <Button loading={send.isPending} onClick={() => send.mutate()}>
          {texts.draw(Number(n))}
        </Button>
      </div>
      {send.error && <ErrorNotice error={asApiError(send.error)} />}
    </div>
  );
}

function Settle({ slug, alarm }: { slug: string; alarm: Alarm }) {
  const done = useDone(slug);
  const [note, setNote] = useState("");
  const send = useMutation({ mutationFn: (outcome: Outcome) => settle(slug, alarm.id, outcome, note), onSuccess: done });
  return (
    <div>
      <div className={css.row}>
        <TextInput aria-label={texts.note} placeholder={texts.note} maxLength={2000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        {OUTCOMES.map((outcome) => (
          <Button key={outcome} variant="default" loading={send.isPending && send.variables === outcome} disabled={send.isPending} onClick={() => send.mutate(outcome)}>
            {texts[outcome]}
          </Button>
        ))}
      </div>
      <p className="lw-small lw-quiet">{texts.settleText}</p>
      {send.error && <ErrorNotice error={asApiError(send.error)} />}
    </div>
  );
}
