import { Button, Loader, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./audit.module.css";
import { Events } from "./Events";
import type { AuditFilter } from "./filter";
import { auditQuery } from "./requests";
import { Seal } from "./Seal";

const texts = s.audit;
const TYPING_MS = 300;
const MACHINE = "system";

interface Props {
  slug: string;
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}

/** The record: who did what when, newest first, with the state of the chain on top. */
export function AuditPage({ slug, filter, onFilter }: Props) {
  const log = useInfiniteQuery(auditQuery(slug, filter));
  const [item, setItem] = useState(filter.item ?? "");
  const change = (part: AuditFilter) => onFilter({ ...filter, ...part });
  const findItem = useDebouncedCallback((text: string) => change({ item: text }), TYPING_MS);
  const first = log.data?.pages[0];
  const lines = log.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={<span data-testid="audit-title">{first ? texts.sentence(first.receipt.seq) : texts.title}</span>}>
      {first && <Seal slug={slug} receipt={first.receipt} lines={lines} />}
      <div className={css.filters}>
        <Select
          label={texts.what}
          placeholder={texts.anything}
          clearable
          searchable
          value={filter.kind ?? null}
          onChange={(kind) => change({ kind: kind ?? undefined })}
          data={(first?.kinds ?? []).map((one) => ({ value: one.kind, label: texts.kind(one.kind, one.n) }))}
          data-testid="kind"
        />
        <Select
          label={texts.who}
          placeholder={texts.anyone}
          clearable
          searchable
          value={filter.by ?? null}
          onChange={(by) => change({ by: by ?? undefined })}
          data={(first?.people ?? []).map((one) => ({ value: one.id, label: one.id === MACHINE ? texts.machine : one.name }))}
        />
        <TextInput
          label={texts.item}
          placeholder={texts.itemHint}
          value={item}
          onChange={(event) => {
            setItem(event.currentTarget.value);
            findItem(event.currentTarget.value);
          }}
        />
        <TextInput label={texts.since} type="date" value={filter.since ?? ""} onChange={(event) => change({ since: event.currentTarget.value })} />
        <TextInput label={texts.until} type="date" value={filter.until ?? ""} onChange={(event) => change({ until: event.currentTarget.value })} />
      </div>
      {log.error ? (
        <ErrorNotice error={asApiError(log.error)} />
      ) : log.isPending ? (
        <Loader m="xl" size="sm" aria-label={s.common.loading} />
      ) : lines.length === 0 ? (
        <div className="lw-panel">
          <Empty
            title={texts.none}
            action={
              <Button
                variant="default"
                onClick={() => {
                  setItem("");
                  onFilter({});
                }}
              >
                {texts.all}
              </Button>
            }
          >
            {texts.noneText}
          </Empty>
        </div>
      ) : (
        <Events slug={slug} lines={lines} />
      )}
      {log.hasNextPage && (
        <Button mt="md" variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {texts.more}
        </Button>
      )}
    </Page>
  );
}
