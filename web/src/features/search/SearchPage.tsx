import { Button, Loader, NumberInput, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useLive, useMayIn } from "@/api/projects";
import { count, duration, onDay } from "@/ui/format";
import { Markdown } from "@/ui/Markdown";
import { Badge, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Gain } from "./Gain";
import { reportQuery, sampleRest, searchQuery, sign, type Search } from "./requests";
import css from "./search.module.css";

const texts = s.search;
const LIVE = ["search", "search-report"] as const;

/** Where a search stands: what was found, what certifies its recall, a sample of the rest, the report. */
export function SearchPage({ slug }: { slug: string }) {
  const { data: found, error } = useQuery(searchQuery(slug));
  useLive(slug, LIVE);
  if (error && !found) {
    return (
      <Page title={texts.title}>
        <ErrorNotice error={asApiError(error)} />
      </Page>
    );
  }
  if (!found) return <Loader m="xl" size="sm" aria-label={s.common.loading} />;
  return (
    <Page title={<span className={css.title} data-testid="search-title">{texts.sentence(found.n_found, found.positive, found.n_seen, found.n_items)}</span>}>
      <div className={css.grid}>
        <section className="lw-panel">
          <h2>{texts.certificate}</h2>
          <Certificate found={found} />
        </section>
        <section className="lw-panel">
          <h2>{texts.gain}</h2>
          <Gain slug={slug} looks={found.looks} />
        </section>
        <section className="lw-panel">
          <h2>{texts.hints}</h2>
          <p className="lw-quiet lw-small">{texts.hintsText}</p>
          {found.rules.length === 0 && <p>{texts.none}</p>}
          <ul className={css.list}>
            {found.rules.filter((rule) => rule.heuristic).map((rule) => (
              <li key={rule.rule}>
                <b>{s.stopping.ruleNames[rule.rule] ?? rule.rule}</b> {rule.stop && <Badge tone="warn">{s.stopping.stops}</Badge>}
                <br />
                {rule.text}
              </li>
            ))}
          </ul>
        </section>
        <section className="lw-panel">
          <h2>{texts.rest}</h2>
          <Rest slug={slug} found={found} />
        </section>
        <section className={`lw-panel ${css.full}`}>
          <h2>{texts.report}</h2>
          <Report slug={slug} found={found} />
        </section>
      </div>
    </Page>
  );
}

function Certificate({ found }: { found: Search }) {
  const { blind } = found;
  return (
    <div className={css.block} data-testid="search-certificate">
      <Badge tone={blind.certified ? "good" : "accent"}>{blind.certified ? texts.certified : texts.notYet}</Badge>
      <p>{blind.needed === null ? texts.tooFew(blind.positives, blind.least, found.goal) : texts.reached(blind.reached, blind.positives, blind.needed, found.goal)}</p>
      {blind.left > 0 && blind.needed !== null && <p>{texts.open(blind.left)}</p>}
      <dl className={css.figures}>
        <Line name={texts.blind} value={texts.of(blind.n_labeled, blind.n)} />
        {found.prevalence && <Line name={texts.prevalence} value={texts.share(found.prevalence)} />}
        {found.relevant && <Line name={texts.relevant} value={texts.number(found.relevant)} />}
        {found.recall && <Line name={texts.recall} value={texts.share(found.recall)} />}
        {found.work_saved !== null && <Line name={texts.saved} value={texts.points(found.work_saved)} />}
        <Line name={texts.time} value={texts.hours(duration(found.seconds), duration(found.blind_seconds))} />
      </dl>
      <p className="lw-quiet lw-small">{texts.explain}</p>
    </div>
  );
}

function Line({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="lw-num">{value}</dd>
    </div>
  );
}

function Rest({ slug, found }: { slug: string; found: Search }) {
  const client = useQueryClient();
  const may = useMayIn(slug)("project.manage");
  const [n, setN] = useState<number>(100);
  const { rest } = found;
  const draw = useMutation({ mutationFn: () => sampleRest(slug, n), onSuccess: (now) => client.setQueryData(["search", slug], now) });
  return (
    <div className={css.block}>
      <p className="lw-quiet lw-small">{texts.restText}</p>
      {rest.n > 0 && <p role="status">{rest.missed_high === null || rest.recall_low === null ? texts.restWaits(rest.n_labeled, rest.n) : texts.restFound(rest.positives, rest.n, rest.missed_high, rest.recall_low)}</p>}
      {may && (
        <div className={css.row}>
          <NumberInput aria-label={texts.restN} className={css.number} min={1} allowDecimal={false} value={n} onChange={(value) => typeof value === "number" && setN(value)} />
          <Button variant="default" loading={draw.isPending} onClick={() => draw.mutate()} data-testid="draw-sample">
            {texts.draw}
          </Button>
        </div>
      )}
      {draw.error && <ErrorNotice error={asApiError(draw.error)} />}
    </div>
  );
}

function Report({ slug, found }: { slug: string; found: Search }) {
  const client = useQueryClient();
  const may = useMayIn(slug)("project.manage");
  const report = useQuery(reportQuery(slug));
  const [statement, setStatement] = useState("");
  const put = useMutation({
    mutationFn: () => sign(slug, statement),
    onSuccess: (now) => {
      client.setQueryData(["search", slug], now);
      setStatement("");
    },
  });
  if (report.error) return <ErrorNotice error={asApiError(report.error)} />;
  if (!report.data) return <Loader size="sm" aria-label={s.common.loading} />;
  const { markdown, digest } = report.data;
  return (
    <div className={css.block}>
      <div className={css.row}>
        <Button component="a" variant="default" href={`data:text/markdown;charset=utf-8,${encodeURIComponent(markdown)}`} download={`${slug}-search.md`}>
          {texts.download}
        </Button>
        <Button variant="default" onClick={() => window.print()}>
          {texts.print}
        </Button>
      </div>
      <div className={css.paper} data-testid="search-report">
        <Markdown source={markdown} />
        <p className="lw-quiet lw-small">{texts.digest(digest)}</p>
        {found.signatures.map((one) => (
          <p key={one.at}>
            <b>{one.by}</b>, {onDay(one.at)}: {one.statement} <span className="lw-quiet lw-small">{one.report === digest ? texts.signedThis : texts.signedOther(one.report)}</span>
          </p>
        ))}
      </div>
      {may && (
        <div className={css.sign}>
          <Textarea label={texts.statement} description={texts.statementText} autosize minRows={2} maxLength={4000} value={statement} onChange={(event) => setStatement(event.currentTarget.value)} data-testid="statement" />
          <Button disabled={statement.trim() === ""} loading={put.isPending} onClick={() => put.mutate()} data-testid="sign">
            {texts.sign}
          </Button>
        </div>
      )}
      {put.error && <ErrorNotice error={asApiError(put.error)} />}
      <p className="lw-quiet lw-small">{texts.items(count(found.n_items))}</p>
    </div>
  );
}
