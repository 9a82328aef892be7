import { Loader, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { AgreementBlock } from "./AgreementBlock";
import { Findings, Looks } from "./Attention";
import { PeopleTable } from "./PeopleTable";
import { attentionQuery, teamQuery, type Team } from "./requests";
import { Reviewers } from "./Reviewers";
import { Scatter } from "./Scatter";
import css from "./team.module.css";

/** How everybody fares, for those who lead or audit the project. */
export function TeamPage({ slug }: { slug: string }) {
  const [question, setQuestion] = useState<string | null>(null);
  const team = useQuery(teamQuery(slug, question));
  return (
    <Page title={s.team.title} actions={team.data && <QuestionSelect found={team.data} onChange={setQuestion} />}>
      {team.error && <ErrorNotice error={asApiError(team.error)} />}
      {team.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {team.data && <Loaded slug={slug} team={team.data} />}
    </Page>
  );
}

/** Which question quality is measured on, where there are several. */
export function QuestionSelect({ found, onChange }: { found: Pick<Team, "question" | "questions">; onChange: (question: string | null) => void }) {
  if (found.questions.length < 2) return null;
  return <Select aria-label={s.team.question} allowDeselect={false} value={found.question} onChange={onChange} data={found.questions.map((one) => ({ value: one.id, label: one.text }))} />;
}

function Loaded({ slug, team }: { slug: string; team: Team }) {
  const attention = useQuery(attentionQuery(slug, team.question));
  const looks = attention.data?.looks ?? [];
  const alarms = looks.filter((one) => one.alarm);
  const people = new Set(alarms.map((one) => one.person_id));
  const names = new Map(team.people.map((one) => [one.person_id, one.name]));
  const audit = attention.data?.audit;
  const answered = team.people.some((one) => one.pace.n_answers > 0);
  return (
    <div className={css.stack}>
      {!answered && (
        <div className="lw-panel">
          <Empty title={s.team.empty}>{s.team.emptyText}</Empty>
        </div>
      )}
      {answered && (
        <section className="lw-panel">
          <h2>{s.team.chart.title}</h2>
          <p className="lw-quiet lw-small">{s.team.intro}</p>
          <Scatter slug={slug} people={team.people.filter((one) => one.pace.n_answers > 0)} alarms={people} />
        </section>
      )}
      {team.people.length > 0 && (
        <section className="lw-panel">
          <PeopleTable slug={slug} people={team.people} alarms={people} />
        </section>
      )}
      {answered && (
        <div className={css.halves}>
          <section className="lw-panel" data-testid="team-attention">
            <h2>{s.team.attention.title}</h2>
            <p className="lw-quiet lw-small">{s.team.attention.text}</p>
            {attention.error && <ErrorNotice error={asApiError(attention.error)} />}
            {attention.isPending && <Loader size="sm" aria-label={s.common.loading} />}
            {attention.data && alarms.length === 0 && (
              <p>
                <b>{s.team.attention.none}.</b> <span className="lw-quiet">{s.team.attention.noneText(looks.length)}</span>
              </p>
            )}
            <Looks slug={slug} looks={alarms} names={names} />
          </section>
          <section className="lw-panel" data-testid="team-audit">
            <h2>{s.team.attention.audit}</h2>
            <p className="lw-quiet lw-small">{s.team.attention.auditText}</p>
            {audit && audit.findings.length === 0 && <p className="lw-quiet">{audit.why ?? s.team.attention.auditNone(audit.n_looks, audit.n_answers)}</p>}
            {audit && <Findings slug={slug} findings={audit.findings} />}
          </section>
        </div>
      )}
      {answered && <AgreementBlock slug={slug} question={team.question} />}
      {team.reviewers.length > 0 && <Reviewers reviewers={team.reviewers} />}
    </div>
  );
}
