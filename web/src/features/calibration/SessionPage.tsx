import { Loader, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { asApiError } from "@/api/error";
import type { Question } from "@/api/types";
import { Badge, Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Answering } from "./Answering";
import css from "./calibration.module.css";
import { Lead } from "./Lead";
import { sessionQuery, type Session } from "./requests";
import { Result } from "./Result";
import { Revealed } from "./Revealed";

const FOLLOW_MS = 5000;

interface Props {
  slug: string;
  id: string;
  guidelines: (question: Question) => ReactNode;
}

/** One session: to answer, to wait for, or, once it is revealed, to discuss. */
export function SessionPage({ slug, id, guidelines }: Props) {
  // People sit together over it, so that it follows what others do.
  const query = useQuery({ ...sessionQuery(slug, id), refetchInterval: ({ state }) => (state.data?.line.state === "closed" ? false : FOLLOW_MS) });
  const [leading, setLeading] = useState(false);
  const session = query.data;
  if (!session) {
    return (
      <Page title={s.calibration.title}>
        {query.error ? <ErrorNotice error={asApiError(query.error)} action={<Back slug={slug} />} /> : <Loader size="sm" aria-label={s.common.loading} />}
      </Page>
    );
  }
  const { line, may_manage: manages } = session;
  const answers = session.may_answer && (session.items.some((one) => one.own === null) || line.purpose === "training");
  const views = manages && answers && (
    <SegmentedControl
      size="xs"
      value={leading ? "lead" : "answer"}
      onChange={(value) => setLeading(value === "lead")}
      data={[{ value: "answer", label: s.calibration.answerNow }, { value: "lead", label: s.calibration.who }]}
    />
  );
  if (answers && !leading) return <Answering slug={slug} session={session} guidelines={guidelines} views={views} />;
  return (
    <Page
      title={<span dir="auto">{line.title}</span>}
      actions={
        <>
          <Badge>{s.calibration.purposes[line.purpose]}</Badge>
          <Badge>{s.calibration.states[line.state]}</Badge>
          {views}
          <Back slug={slug} />
        </>
      }
    >
      {manages && <Lead slug={slug} session={session} />}
      {line.revealed ? <Revealed slug={slug} session={session} /> : !manages && <Waiting session={session} />}
    </Page>
  );
}

function Back({ slug }: { slug: string }) {
  return (
    <Link to="/p/$slug/calibrate" params={{ slug }} className={css.back}>
      {s.calibration.back}
    </Link>
  );
}

/** For who has answered everything, was not asked, or comes too late. */
function Waiting({ session }: { session: Session }) {
  const { line } = session;
  if (line.result?.finished) return <Result session={session} />;
  const text = line.state === "closed" ? s.calibration.closedText : line.invited ? s.calibration.doneText : s.calibration.notAsked;
  return (
    <div className="lw-panel">
      <Empty title={line.invited && line.state === "open" ? s.calibration.done : s.calibration.states[line.state] ?? line.state}>{text}</Empty>
    </div>
  );
}
