import { Loader, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useLive, useMayIn } from "@/api/projects";
import { moment } from "@/ui/format";
import { Empty, ErrorNotice, Notice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Classes } from "./Classes";
import { Errors } from "./Errors";
import { Metrics } from "./Metrics";
import { People } from "./People";
import { ReliabilityBlock } from "./ReliabilityBlock";
import { evaluationQuery, type Evaluation } from "./requests";
import { SlicesBlock } from "./SlicesBlock";
import { WindowsBlock } from "./WindowsBlock";
import css from "./evaluation.module.css";

const texts = s.evaluation;
const LIVE = ["evaluation", "evaluation-cells", "evaluation-worst", "evaluation-slices"] as const;

/** How good the published model is on the reserve, and what it gets wrong. */
export function EvaluationPage({ slug }: { slug: string }) {
  const [question, setQuestion] = useState<string | null>(null);
  const query = useQuery(evaluationQuery(slug, question));
  useLive(slug, LIVE);
  const found = query.data;
  const select = found && found.questions.length > 1 && (
    <Select aria-label={texts.question} allowDeselect={false} value={found.question} onChange={setQuestion} data={found.questions.map((one) => ({ value: one.id, label: one.text }))} />
  );
  return (
    <Page title={texts.title} actions={select}>
      {query.error && <ErrorNotice error={asApiError(query.error)} />}
      {query.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {found && found.state !== "ready" && <Nothing found={found} />}
      {found?.state === "ready" && <Loaded key={found.question} slug={slug} found={found} />}
    </Page>
  );
}

function Nothing({ found }: { found: Evaluation }) {
  const noModel = found.state === "no-model";
  return (
    <div className="lw-panel">
      <Empty title={noModel ? texts.noModel : texts.noReserve(found.n, found.needed)}>{noModel ? texts.noModelText : texts.noReserveText(found.n_reserve)}</Empty>
    </div>
  );
}

function Loaded({ slug, found }: { slug: string; found: Evaluation }) {
  const may = useMayIn(slug);
  return (
    <div className={css.stack}>
      <p className="lw-quiet">
        {texts.basis(found.n, found.grouped ? found.n_groups : null, found.n_labels)}
        {found.at ? texts.made(moment(found.at)) : "."}
      </p>
      {found.n < found.needed && <Notice tone="warn">{texts.few(found.n, found.needed)}</Notice>}
      <div className={css.halves}>
        <Metrics slug={slug} found={found} />
        {found.reliability && <ReliabilityBlock slug={slug} of={found.reliability} />}
      </div>
      {may("item.read") && <Errors slug={slug} found={found} />}
      {found.classes.length > 0 && <Classes slug={slug} found={found} />}
      <SlicesBlock slug={slug} question={found.question} />
      <div className={css.halves}>
        {found.windows && <WindowsBlock slug={slug} of={found.windows} overall={found.metrics[0]?.figure ?? null} />}
        <People slug={slug} found={found} />
      </div>
    </div>
  );
}
