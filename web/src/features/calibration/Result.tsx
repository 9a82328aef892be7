import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Badge, Empty, KeyCap } from "@/ui/parts";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";
import css from "./answering.module.css";
import type { Session, SessionItem } from "./requests";

/** In a training: the right answer and its rule, after the person's own. */
export function Told({ item, last, onNext }: { item: SessionItem; last: boolean; onNext: () => void }) {
  return (
    <div className={css.told} data-right={item.known?.right} role="status" data-testid="told">
      <Verdict item={item} />
      <Button onClick={onNext} rightSection={<KeyCap silent>⏎</KeyCap>}>
        {last ? s.calibration.finish : s.calibration.next}
      </Button>
    </div>
  );
}

function Verdict({ item }: { item: SessionItem }) {
  const { known, own } = item;
  return (
    <div>
      <b dir="auto">
        {known && <Icon name={known.right ? "check" : "close"} />} {!known ? s.calibration.unknown : known.right ? s.calibration.right(known.label) : s.calibration.wrong(known.label, own?.label ?? "")}
      </b>
      {known?.rule && <p dir="auto">{known.rule}</p>}
    </div>
  );
}

/** How the person fared in a training, and what comes next. */
export function Result({ session, slug }: { session: Session; slug?: string }) {
  const { result } = session.line;
  if (!result) return <Empty title={s.calibration.done}>{s.calibration.doneText}</Empty>;
  return (
    <>
      <div className="lw-panel" data-testid="result">
        <Empty
          title={result.passed ? s.calibration.resultPassed : s.calibration.resultFailed}
          action={
            result.passed && slug ? (
              <Button component={Link} to="/p/$slug/label" params={{ slug } as never}>
                {s.calibration.startWork}
              </Button>
            ) : undefined
          }
        >
          {s.calibration.result(result.n_right, result.n_known, result.n_needed)} {!result.passed && s.calibration.failedText}
        </Empty>
      </div>
      <h2 className={css.reviewed}>{s.calibration.review}</h2>
      <ol className={css.verdicts}>
        {session.items
          .filter((one) => one.own !== null)
          .map((one) => (
            <li key={one.place} className="lw-panel">
              <p className="lw-clip lw-quiet" dir="auto">{one.item.content.text ?? one.item.key}</p>
              <Verdict item={one} /> {one.known && <Badge tone={one.known.right ? "good" : "bad"}>{one.own?.label}</Badge>}
            </li>
          ))}
      </ol>
    </>
  );
}
