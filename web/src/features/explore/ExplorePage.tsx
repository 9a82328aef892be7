import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Explorer } from "./Explorer";
import { mapQuery } from "./requests";
import type { State } from "./state";

const texts = s.explore;

interface Props {
  slug: string;
  /** Of the project's items. */
  kind: string;
  state: State;
  onState: (state: State) => void;
}

/** The map of the pool; before it is made, what it waits for. */
export function ExplorePage({ slug, kind, state, onState }: Props) {
  const query = useQuery(mapQuery(slug));
  const found = query.data;
  const isDrawable = found?.projections.some((one) => one.n_placed > 0) ?? false;
  return (
    <Page title={texts.title}>
      {query.error && (
        <ErrorNotice
          error={asApiError(query.error)}
          action={
            <Button size="compact-sm" variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
              {s.common.retry}
            </Button>
          }
        />
      )}
      {query.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {found && !isDrawable && (
        <div className="lw-panel" data-testid="no-map">
          <Empty title={found.n_encoded === 0 ? texts.noFeatures : texts.making(found.share)}>{found.n_encoded === 0 ? texts.noFeaturesText : texts.makingText}</Empty>
        </div>
      )}
      {found && isDrawable && <Explorer slug={slug} kind={kind} map={found} state={state} onState={onState} />}
    </Page>
  );
}
