import { Button, Loader, Menu } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { COMMON_FORMATS, exportAddress, exportOf } from "@/api/exports";
import { ExportDialog } from "@/ui/ExportDialog";
import { count, moment } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Badge, Empty, ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { NameSnapshot } from "./NameSnapshot";
import { versionsQuery, type Version } from "./requests";
import css from "./versions.module.css";

const texts = s.versions;

interface Props {
  slug: string;
  mayName: boolean;
  onCompare: (name: string) => void;
}

/** Moments that somebody named and what trainings resolved, newest first. */
export function LabelVersions({ slug, mayName, onCompare }: Props) {
  const [naming, setNaming] = useState(false);
  const query = useInfiniteQuery(versionsQuery(slug));
  const lines = query.data?.pages.flatMap((page) => page.items) ?? [];
  const action = mayName && <Button onClick={() => setNaming(true)}>{texts.new}</Button>;
  return (
    <section className="lw-panel" aria-label={texts.labels}>
      <div className={css.head}>
        <h2>{texts.labels}</h2>
        {lines.length > 0 && action}
      </div>
      {query.error && <ErrorNotice error={asApiError(query.error)} />}
      {query.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {query.data && lines.length === 0 && (
        <Empty title={texts.noVersions} action={action}>
          {texts.noVersionsText}
        </Empty>
      )}
      {lines.length > 0 && (
        <>
          <p className="lw-quiet lw-small">{texts.labelsText}</p>
          <div className={css.scroll} tabIndex={0} role="region" aria-label={texts.table.versions}>
            <table className={`${css.table} ${css.flow}`} data-testid="versions">
              <thead>
                <tr>
                  <th scope="col">{texts.name}</th>
                  <th scope="col">{texts.made}</th>
                  <th scope="col">{texts.by}</th>
                  <th scope="col" data-number>{texts.counted}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {lines.map((line) => (
                  <Line key={`${line.kind} ${line.name}`} slug={slug} line={line} onCompare={onCompare} />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {query.hasNextPage && (
        <Button mt="sm" variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {texts.older}
        </Button>
      )}
      {naming && <NameSnapshot slug={slug} versions={lines} onClose={() => setNaming(false)} />}
    </section>
  );
}

function Line({ slug, line, onCompare }: { slug: string; line: Version; onCompare: (name: string) => void }) {
  const [exporting, setExporting] = useState(false);
  return (
    <tr>
      <th scope="row">
        <span className={css.name}>
          <span>{line.name}</span> <Badge tone={line.kind === "snapshot" ? "accent" : undefined}>{texts.kinds[line.kind]}</Badge>
        </span>
        {line.note !== null && (
          <span className={`${css.note} lw-quiet lw-small`} dir="auto">
            {line.note}
          </span>
        )}
      </th>
      <td className="lw-num">{moment(line.at)}</td>
      <td className={css.by} dir="auto">{line.kind === "training" ? texts.machine : line.by}</td>
      <td data-number>
        {line.labels.map((one) => count(one.n_labels)).join(" · ")} <span className={css.unit}>{texts.unit}</span>
      </td>
      <td data-actions>
        <Button variant="default" size="compact-sm" aria-label={texts.compareOf(line.name)} onClick={() => onCompare(line.name)}>
          {texts.compareNow}
        </Button>
        <Menu position="bottom-end" transitionProps={{ duration: 80 }}>
          <Menu.Target>
            <Button variant="default" size="compact-sm" leftSection={<Icon name="download" size={14} />} aria-label={texts.exportOf(line.name)}>
              {texts.export}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {Object.entries(COMMON_FORMATS).map(([format, name]) => (
              <Menu.Item key={format} component="a" href={exportAddress(slug, { format, at: line.name })} download={`${slug}.${line.name}.${format}`}>
                {name}
              </Menu.Item>
            ))}
            <Menu.Item onClick={() => setExporting(true)}>{s.exports.more}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {exporting && <ExportDialog fetchFile={exportOf(slug, line.name)} at={line.name} onClose={() => setExporting(false)} />}
      </td>
    </tr>
  );
}
