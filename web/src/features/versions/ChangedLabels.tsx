import { Button, Loader } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import { moment } from "@/ui/format";
import { Badge, ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { rowsQuery, type ChangeKind, type ChangedLabel, type Moments } from "./requests";
import css from "./versions.module.css";

const texts = s.versions;
const TONES = { added: "good", changed: "warn", removed: "bad" } as const;

interface Props {
  slug: string;
  moments: Moments;
  question: string;
  kind: ChangeKind | null;
}

/** The labels that differ, each with who did it, when and why. */
export function ChangedLabels({ slug, moments, question, kind }: Props) {
  const query = useInfiniteQuery(rowsQuery(slug, moments, question, kind));
  const lines = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.error) return <ErrorNotice error={asApiError(query.error)} />;
  if (query.isPending) return <Loader size="sm" aria-label={s.common.loading} />;
  if (lines.length === 0) return <p className="lw-quiet">{texts.unchanged}</p>;
  return (
    <>
      <div className={css.scroll} tabIndex={0} role="region" aria-label={texts.table.rows}>
        <table className={`${css.table} ${css.flow}`} data-testid="changes">
          <thead>
            <tr>
              <th scope="col">{texts.item}</th>
              <th scope="col">{texts.change}</th>
              <th scope="col">{texts.who}</th>
              <th scope="col">{texts.when}</th>
              <th scope="col">{texts.why}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Line key={line.item} slug={slug} line={line} />
            ))}
          </tbody>
        </table>
      </div>
      {query.hasNextPage && (
        <Button mt="sm" variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {texts.more}
        </Button>
      )}
    </>
  );
}

function Line({ slug, line }: { slug: string; line: ChangedLabel }) {
  return (
    <tr>
      <th scope="row">
        <Link to="/p/$slug/items/$id" params={{ slug, id: line.item }} dir="auto">
          {line.key}
        </Link>
      </th>
      {line.hidden ? (
        <td colSpan={4} className="lw-quiet">
          {texts.hidden}
        </td>
      ) : (
        <>
          <td>
            <span className={css.change}>
              <Badge tone={TONES[line.kind]}>{texts.changes[line.kind]}</Badge>
              <span dir="auto">
                {line.kind !== "added" && <s className="lw-quiet">{line.before ?? texts.nothing}</s>} {line.kind !== "removed" && <b>{line.after ?? texts.nothing}</b>}
              </span>
            </span>
          </td>
          <td dir="auto">{line.cause === "resolver" ? texts.machine : line.by}</td>
          <td className="lw-num">{line.at === null ? "" : moment(line.at)}</td>
          <td className={css.why} dir="auto">
            {line.cause !== null && (texts.causes[line.cause] ?? line.cause)}
            {line.reason !== null && <q>{line.reason}</q>}
          </td>
        </>
      )}
    </tr>
  );
}
