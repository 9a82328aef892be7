import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { count } from "@/ui/format";
import { ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Findings, Looks } from "./Attention";
import { Confusion } from "./Confusion";
import { Interval, money } from "./Interval";
import { ProfileForm } from "./ProfileForm";
import { personQuery, type TeamPerson } from "./requests";
import { Series } from "./Series";
import css from "./team.module.css";
import { QuestionSelect } from "./TeamPage";

const texts = s.team.person;

/** One person in detail, for those who lead or audit the project. */
export function PersonPage({ slug, person }: { slug: string; person: string }) {
  const [question, setQuestion] = useState<string | null>(null);
  const found = useQuery(personQuery(slug, person, question));
  const title = (
    <>
      <Link to="/p/$slug/team" params={{ slug }} className={css.back}>
        {texts.back}
      </Link>{" "}
      <span className="lw-quiet" aria-hidden>/</span> <span dir="auto">{found.data?.line.name ?? ""}</span>
    </>
  );
  return (
    <Page title={title} actions={found.data && <QuestionSelect found={found.data} onChange={setQuestion} />}>
      {found.error && <ErrorNotice error={asApiError(found.error)} />}
      {found.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {found.data && <Loaded slug={slug} found={found.data} />}
    </Page>
  );
}

function Loaded({ slug, found }: { slug: string; found: TeamPerson }) {
  const { line, days } = found;
  return (
    <div className={css.stack}>
      <section className="lw-panel">
        <Numbers line={line} />
      </section>
      <section className="lw-panel">
        <h2>{texts.tests}</h2>
        <p className="lw-quiet lw-small">{s.team.attention.text}</p>
        {found.looks.length === 0 && <p className="lw-quiet">{texts.testsNone}</p>}
        <Looks slug={slug} looks={found.looks} />
        {found.away.map((line) => (
          <p key={line} data-testid="person-away">{line}</p>
        ))}
        {found.findings.length > 0 && (
          <>
            <h3>{s.team.attention.audit}</h3>
            <Findings slug={slug} findings={found.findings} />
          </>
        )}
      </section>
      <section className="lw-panel">
        <h2>{texts.days}</h2>
        <p className="lw-quiet lw-small">{days.length === 0 ? texts.daysNone : texts.daysText}</p>
        <div className={css.columns}>
          <Series title={texts.seconds} spans={days} of={(span) => span.seconds} unit="seconds" />
          <Series title={texts.agreement} spans={days} of={(span) => span.agreement} unit="share" />
          <Series title={texts.gold} spans={days} of={(span) => span.gold} unit="share" />
        </div>
      </section>
      <section className="lw-panel">
        <h2>{texts.tiring}</h2>
        <p className="lw-quiet lw-small">{texts.tiringText}</p>
        <dl className={css.numbers}>
          {([["perHundred", "per_hundred"], ["quick", "quick"], ["middling", "middling"], ["slow", "slow"], ["difference", "difference"]] as const).map(([name, field]) => (
            <Fact key={field} name={texts[name]}>
              <Interval of={found.tiring[field]} spoken />
            </Fact>
          ))}
        </dl>
      </section>
      <section className="lw-panel">
        <h2>{texts.confusion}</h2>
        <div className={css.columns}>
          <Confusion slug={slug} title={texts.byGold} cells={found.by_gold} />
          <Confusion slug={slug} title={texts.byOthers} cells={found.by_others} />
        </div>
      </section>
      {found.classes.length > 0 && <Classes found={found} />}
      <ProfileForm key={line.person_id} slug={slug} found={found} />
    </div>
  );
}

function Numbers({ line }: { line: TeamPerson["line"] }) {
  const { pace, skill } = line;
  const heads = s.team.table;
  return (
    <dl className={css.numbers}>
      <Fact name={heads.items}>{count(pace.n_items)}</Fact>
      <Fact name={heads.hours}>{s.team.hours(pace.hours)}</Fact>
      <Fact name={heads.seconds}>
        <Interval of={pace.seconds} unit="seconds" />
      </Fact>
      <Fact name={heads.agreement}>
        <Interval of={skill.agreement} spoken />
      </Fact>
      <Fact name={heads.gold}>
        <Interval of={skill.gold} spoken />
      </Fact>
      <Fact name={heads.itself}>
        <Interval of={skill.itself} spoken />
      </Fact>
      {pace.cost != null && <Fact name={heads.cost}>{money(pace.cost)}</Fact>}
      {pace.cost_per_label != null && <Fact name={heads.costPerLabel}>{money(pace.cost_per_label)}</Fact>}
      {pace.cost_per_correct && (
        <Fact name={heads.costPerCorrect}>
          <Interval of={pace.cost_per_correct} unit="money" />
        </Fact>
      )}
      <Fact name={heads.aside}>{heads.asideOf(pace.n_skipped, pace.n_flagged, pace.n_late)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Classes({ found }: { found: TeamPerson }) {
  return (
    <section className="lw-panel">
      <h2>{texts.classes}</h2>
      <p className="lw-quiet lw-small">{texts.classesText}</p>
      <div className={css.scroll} tabIndex={0} role="region" aria-label={texts.classes}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{s.team.agreement.class}</th>
              <th scope="col" data-number>{texts.declared}</th>
              <th scope="col">{texts.byGold}</th>
              <th scope="col">{texts.byOthers}</th>
            </tr>
          </thead>
          <tbody>
            {found.classes.map((one) => (
              <tr key={one.label}>
                <th scope="row" dir="auto">{one.name}</th>
                <td data-number>{one.declared == null ? s.team.none : `${Math.round(100 * one.declared)} %`}</td>
                <td>
                  <Interval of={one.gold} />
                </td>
                <td>
                  <Interval of={one.others} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
