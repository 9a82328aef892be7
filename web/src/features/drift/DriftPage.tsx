import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { useLive } from "@/api/projects";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { AlarmCard } from "./AlarmCard";
import { Evaluated } from "./Evaluated";
import { Labeled } from "./Labeled";
import { Panel } from "./Panel";
import { driftQuery, type Drift } from "./requests";
import css from "./drift.module.css";

const texts = s.drift;
const LIVE = ["drift"] as const;

/** Whether the data have changed: what is labeled beside how good the model is, and every test with its picture. */
export function DriftPage({ slug }: { slug: string }) {
  const query = useQuery(driftQuery(slug));
  useLive(slug, LIVE);
  return (
    <Page title={texts.title}>
      {query.error && <ErrorNotice error={asApiError(query.error)} />}
      {query.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {query.data && <Loaded slug={slug} found={query.data} />}
    </Page>
  );
}

function Loaded({ slug, found }: { slug: string; found: Drift }) {
  if (found.state === "no-order" || found.state === "few-items") {
    const few = found.state === "few-items";
    return (
      <div className={css.stack}>
        <div className="lw-panel">
          <Empty title={few ? texts.fewItems(found.n_items, found.needed) : texts.noOrder}>{few ? texts.fewItemsText : texts.noOrderText}</Empty>
        </div>
        {found.alarms.length > 0 && (
          <section className="lw-panel" aria-label={texts.alarms.title}>
            <h2>{texts.alarms.title}</h2>
            <div className={css.alarms}>
              {found.alarms.map((one) => <AlarmCard key={one.id} slug={slug} alarm={one} />)}
            </div>
          </section>
        )}
        <Panels slug={slug} found={found} />
      </div>
    );
  }
  const open = found.alarms.filter((one) => one.state === "open" || one.state === "measured");
  const over = found.alarms.filter((one) => !open.includes(one));
  const onsets = open.flatMap((one) => {
    const x = found.positions[one.id];
    return x === undefined || one.since === null ? [] : [{ x, text: texts.onset(texts.what[one.what], one.since) }];
  });
  return (
    <div className={css.stack}>
      <p className="lw-quiet">
        {texts.basis(found.n_items, found.ordered_by)} {found.state === "ready" ? texts.looked(found.n_looked, found.n_items - found.n_looked) : texts.waitingText}
      </p>
      {open.length > 0 && (
        <section className="lw-panel" aria-label={texts.alarms.title}>
          <h2>{texts.alarms.title}</h2>
          <div className={css.alarms}>
            {open.map((one) => <AlarmCard key={one.id} slug={slug} alarm={one} />)}
          </div>
        </section>
      )}
      <div className={css.halves}>
        <Labeled slug={slug} windows={found.windows} onsets={onsets} />
        <Evaluated slug={slug} metric={found.metric} windows={found.windows} onsets={onsets} />
      </div>
      <Panels slug={slug} found={found} />
      {over.length > 0 && (
        <details className="lw-panel">
          <summary>{texts.alarms.earlier(over.length)}</summary>
          <div className={css.alarms}>
            {over.map((one) => <AlarmCard key={one.id} slug={slug} alarm={one} />)}
          </div>
        </details>
      )}
    </div>
  );
}

/** Every test of the last look. */
function Panels({ slug, found }: { slug: string; found: Drift }) {
  return (
    <div className={css.halves}>
      {found.findings.map((one) => <Panel key={`${one.what} ${one.question}`} slug={slug} found={found} of={one} />)}
    </div>
  );
}
