import { Button, Loader, Select, Switch } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { projectQuery, useLive, useMayIn } from "@/api/projects";
import { duration } from "@/ui/format";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./batch.module.css";
import { BatchTable } from "./BatchTable";
import { Dial } from "./Dial";
import { Mix } from "./Mix";
import { approve, batchQuery, requireApproval } from "./requests";

const texts = s.batch;
const SIZES = ["10", "25", "50", "100", "200"];
const LIVE = ["batch", "project"] as const;

/** What will be asked next: items with reasons, their mix, what they cost; a lead leaves some out, pins, approves. */
export function BatchPage({ slug }: { slug: string }) {
  const client = useQueryClient();
  const may = useMayIn(slug)("project.manage");
  const project = useQuery(projectQuery(slug)).data;
  const [n, setN] = useState(25);
  const [dropped, setDropped] = useState<ReadonlySet<string>>(new Set());
  const { data: batch, error } = useQuery({ ...batchQuery(slug, n), placeholderData: keepPreviousData });
  useLive(slug, LIVE);
  const refetch = () => client.invalidateQueries({ queryKey: ["batch", slug] });
  const kept = batch?.items.filter((item) => !dropped.has(item.item_id)) ?? [];
  const pass = useMutation({
    mutationFn: () => approve(slug, batch?.ranking ?? "", kept.map((item) => item.item_id), [...dropped]),
    onSuccess: () => {
      setDropped(new Set());
      return refetch();
    },
    onError: refetch,
  });
  const rule = useMutation({ mutationFn: (required: boolean) => requireApproval(slug, required), onSuccess: refetch });
  if (error && !batch) {
    return (
      <Page title={texts.title}>
        <ErrorNotice error={asApiError(error)} />
      </Page>
    );
  }
  if (!batch) return <Loader m="xl" size="sm" aria-label={s.common.loading} />;
  const toggle = (id: string) => setDropped((now) => new Set(now.has(id) ? [...now].filter((one) => one !== id) : [...now, id]));
  return (
    <Page
      title={<span data-testid="batch-title">{batch.items.length > 0 ? texts.sentence(batch.items.length, batch.strategy) : texts.title}</span>}
      actions={<Select className={css.size} aria-label={texts.size} allowDeselect={false} data={SIZES} value={String(n)} onChange={(value) => value && setN(Number(value))} />}
    >
      <div className={css.grid}>
        <section className={css.items}>
          {batch.items.length === 0 ? (
            <div className="lw-panel">
              <Empty title={texts.empty}>{batch.ranking === null ? texts.emptyText : texts.allApproved}</Empty>
            </div>
          ) : (
            <BatchTable slug={slug} items={batch.items} labels={project?.question.labels ?? []} dropped={dropped} onToggle={may ? toggle : undefined} />
          )}
        </section>
        <aside className={css.side}>
          <section className="lw-panel">
            <p>{batch.seconds === null ? texts.noPace : texts.cost(duration(batch.seconds), batch.cost)}</p>
            {batch.approved > 0 && <p className="lw-small" data-testid="approved">{texts.approved(batch.approved)}</p>}
            {may && (
              <>
                <Switch label={texts.rule} description={texts.ruleText} checked={batch.must_be_approved} disabled={rule.isPending} onChange={(event) => rule.mutate(event.currentTarget.checked)} data-testid="approval-rule" />
                {batch.items.length > 0 && (
                  <>
                    <Button disabled={kept.length === 0} loading={pass.isPending} onClick={() => pass.mutate()} data-testid="approve">
                      {texts.approve(kept.length)}
                    </Button>
                    <p className="lw-quiet lw-small">{texts.approveMeans}</p>
                  </>
                )}
                {(pass.error ?? rule.error) && <ErrorNotice error={asApiError(pass.error ?? rule.error)} />}
              </>
            )}
          </section>
          {may && <Dial key={batch.dial} slug={slug} dial={batch.dial ?? null} strategy={batch.strategy} onDone={refetch} />}
          <Mix mix={batch.mix} n={batch.items.length} labels={project?.question.labels ?? []} />
        </aside>
      </div>
    </Page>
  );
}
