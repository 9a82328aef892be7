import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { projectQuery } from "@/api/projects";
import { ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Interval } from "../Interval";
import { ownWorkQuery } from "../requests";
import { Series } from "../Series";
import css from "../team.module.css";
import { Notes, SetAside } from "./OwnItems";
import { Outcomes } from "./Outcomes";

const texts = s.mine;

/** A person's own work: progress, quality, what came back, what was set aside. */
export function MinePage({ slug }: { slug: string }) {
  const project = useQuery(projectQuery(slug)).data;
  const own = useQuery(ownWorkQuery(slug));
  return (
    <Page title={texts.title}>
      <div className={css.stack}>
        {own.error && <ErrorNotice error={asApiError(own.error)} />}
        {own.isPending && <Loader size="sm" aria-label={s.common.loading} />}
        <Outcomes slug={slug} />
        {own.data && (
          <section className="lw-panel" data-testid="own-work">
            <p className="lw-quiet lw-small">{texts.intro}</p>
            <dl className={css.numbers}>
              {project && (
                <div>
                  <dt>{texts.today}</dt>
                  <dd>{texts.itemsOf(project.mine.today)}</dd>
                </div>
              )}
              <div>
                <dt>{texts.total}</dt>
                <dd>{texts.itemsOf(own.data.n_items)}</dd>
              </div>
              <div>
                <dt>{texts.hours}</dt>
                <dd>{s.team.hours(own.data.hours)}</dd>
              </div>
              <div>
                <dt>{texts.seconds}</dt>
                <dd>
                  <Interval of={own.data.seconds} unit="seconds" spoken />
                </dd>
              </div>
              <div>
                <dt>{texts.agreement}</dt>
                <dd>
                  <Interval of={own.data.agreement} spoken />
                </dd>
              </div>
              {own.data.gold && (
                <div>
                  <dt>{texts.gold}</dt>
                  <dd>
                    <Interval of={own.data.gold} spoken />
                  </dd>
                </div>
              )}
            </dl>
            <p className="lw-quiet lw-small">{texts.until(own.data.until)}</p>
            {own.data.over_time.length > 0 && (
              <>
                <h2>{texts.over}</h2>
                <div className={css.columns}>
                  <Series title={texts.seconds} spans={own.data.over_time} of={(span) => span.seconds} unit="seconds" />
                  <Series title={texts.agreement} spans={own.data.over_time} of={(span) => span.agreement} unit="share" />
                  <Series title={texts.gold} spans={own.data.over_time} of={(span) => span.gold} unit="share" />
                </div>
              </>
            )}
          </section>
        )}
        <SetAside slug={slug} n={own.data ? own.data.n_skipped + own.data.n_flagged : null} />
        <Notes slug={slug} />
      </div>
    </Page>
  );
}
