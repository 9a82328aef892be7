import { Button, Loader } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { AddMember } from "./AddMember";
import { MemberRow } from "./MemberRow";
import css from "./people.module.css";
import { membersQuery } from "./requests";

/** Who may do what in a project, for its leads: those who were invited to it, and those with a role on the site. */
export function MembersPage({ slug }: { slug: string }) {
  const members = useInfiniteQuery(membersQuery(slug));
  const list = members.data?.pages.flatMap((page) => page.items) ?? [];
  const given = list.filter((one) => !one.everywhere);
  const others = list.filter((one) => one.everywhere);
  return (
    <Page title={s.people.here.title}>
      <div className={css.project}>
        <div className={css.stack}>
          {members.error && <ErrorNotice error={asApiError(members.error)} />}
          {members.isPending && <Loader size="sm" aria-label={s.common.loading} />}
          {members.data && (
            <section>
              <h2>{s.people.here.given}</h2>
              {given.length === 0 ? (
                <div className="lw-panel">
                  <Empty title={s.people.here.empty}>{s.people.here.emptyText}</Empty>
                </div>
              ) : (
                <ul className={css.list} data-testid="given">
                  {given.map((one) => (
                    <MemberRow key={one.user.id} slug={slug} member={one} />
                  ))}
                </ul>
              )}
            </section>
          )}
          {others.length > 0 && (
            <section>
              <h2>{s.people.here.everywhere}</h2>
              <p className="lw-quiet lw-small">{s.people.here.everywhereText}</p>
              <ul className={css.list} data-testid="everywhere">
                {others.map((one) => (
                  <MemberRow key={one.user.id} slug={slug} member={one} />
                ))}
              </ul>
            </section>
          )}
          {members.hasNextPage && (
            <Button variant="default" loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
              {s.people.more}
            </Button>
          )}
        </div>
        <AddMember slug={slug} />
      </div>
    </Page>
  );
}
