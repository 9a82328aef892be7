import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import { count, figure, words } from "@/ui/format";
import { Badge, ErrorNotice, Figure } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./plan.module.css";
import { setQuota, type TargetLine } from "./requests";

const texts = s.plan;
const TONES = { reached: "good", "on-the-way": "accent", "at-risk": "warn", "out-of-reach": "bad" } as Record<string, "good" | "accent" | "warn" | "bad">;

/** One card a target: where it stands, what is missing, what is asked for it. */
export function Targets({ slug, lines, editable }: { slug: string; lines: readonly TargetLine[]; editable: boolean }) {
  return (
    <ol className={css.targets} data-testid="targets">
      {lines.map((line) => (
        <li key={`${line.aim.slice} ${line.aim.metric}`} data-testid="target">
          <Target slug={slug} line={line} editable={editable} />
        </li>
      ))}
    </ol>
  );
}

function Target({ slug, line, editable }: { slug: string; line: TargetLine; editable: boolean }) {
  const { aim, standing } = line;
  const name = aim.slice === null ? texts.all : aim.name || texts.removed;
  return (
    <>
      <div className={css.head}>
        <b dir="auto">{aim.slice === null || aim.name === "" ? name : <Link to="/p/$slug/items" params={{ slug }} search={{ slice: aim.slice }}>{name}</Link>}</b>
        <span>
          {words(aim.metric)} {aim.higher_is_better ? "≥" : "≤"} <span className="lw-num">{figure(aim.value)}</span>
        </span>
        {aim.deadline !== null && <span className="lw-quiet lw-small">{texts.deadline(aim.deadline)}</span>}
        <Badge tone={TONES[standing.state]}>{texts.states[standing.state] ?? standing.state}</Badge>
      </div>
      <p>{line.text}</p>
      <dl className={css.figures}>
        {standing.now && <Fact name={texts.now}><Figure estimate={standing.now} /></Fact>}
        {standing.missing !== null && (
          <Fact name={texts.missing}>
            <b className="lw-num">{count(standing.missing)}</b> <span className="lw-quiet lw-small">{texts.between(standing.missing_low, standing.missing_high)}</span>
          </Fact>
        )}
        {standing.hours !== null && (
          <Fact name={texts.work}>
            {texts.hours(standing.hours)} {standing.cost !== null && <span className="lw-quiet lw-small">{texts.price(standing.cost)}</span>}
          </Fact>
        )}
        {standing.by !== null && <Fact name={texts.by}>{standing.by}</Fact>}
        {standing.chance !== null && <Fact name={texts.chance}>{standing.chance_in_time === null ? texts.chanceText(standing.chance) : texts.inTime(standing.chance_in_time)}</Fact>}
      </dl>
      {line.quota && <QuotaLine slug={slug} quota={line.quota} editable={editable} />}
    </>
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

function QuotaLine({ slug, quota, editable }: { slug: string; quota: NonNullable<TargetLine["quota"]>; editable: boolean }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (share: number) => setQuota(slug, quota.column, quota.value, share),
    onSuccess: async () => {
      for (const part of ["plan", "project", "batch", "rounds"]) await client.invalidateQueries({ queryKey: [part, slug] });
    },
  });
  const { now, proposed } = quota;
  return (
    <div className={css.quota}>
      <span>
        {texts.quota}: <b>{now === null ? texts.ofPool(quota.of_pool) : texts.quotaNow(now)}</b> {now !== null && <span className="lw-quiet lw-small">({texts.ofPool(quota.of_pool)})</span>}
      </span>
      {editable && proposed !== null && (
        <Button size="compact-sm" variant="default" title={texts.quotaHow} loading={change.isPending} onClick={() => change.mutate(proposed)} data-testid="use-quota">
          {texts.propose(proposed)}
        </Button>
      )}
      {editable && now !== null && (
        <Button size="compact-sm" variant="subtle" disabled={change.isPending} onClick={() => change.mutate(0)}>
          {texts.drop}
        </Button>
      )}
      {change.error && <ErrorNotice error={asApiError(change.error)} />}
    </div>
  );
}
