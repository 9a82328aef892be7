import { Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { Download } from "@/ui/Download";
import { figure } from "@/ui/format";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Block, Scroll } from "./Block";
import { CELLS, cells, Interval } from "./Interval";
import { ItemLinks } from "./ItemLinks";
import { columnName, metricName, sliceName } from "./names";
import { sliceItemsQuery, slicesQuery, type SliceLine } from "./requests";
import { Send } from "./Send";
import css from "./evaluation.module.css";

const texts = s.evaluation.slices;
const FIRST = 12;

/** The project's metric by slice, the worst first. */
export function SlicesBlock({ slug, question }: { slug: string; question: string }) {
  const [by, setBy] = useState<string | null>(null);
  const [search, setSearch] = useState("");
  const [typed, setTyped] = useState("");
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<SliceLine | null>(null);
  const may = useMayIn(slug);
  const query = useQuery(slicesQuery(slug, question, by, search));
  const found = query.data;
  const lines = found?.slices ?? [];
  const rows = lines.map((one) => ({ column: columnName(one.column), slice: one.value, ...cells(one.figure), shrunk: one.shrunk, p: one.p_value }));
  return (
    <Block
      title={texts.title}
      text={found && lines.length > 0 ? texts.text(lines.length, found.min_items) : undefined}
      testId="evaluation-slices"
      action={lines.length > 0 && <Download name={`${slug} slices`} columns={["column", "slice", ...CELLS, "shrunk", "p"]} rows={rows} />}
    >
      <form
        className={css.fields}
        onSubmit={(event) => {
          event.preventDefault();
          setOpen(null);
          setSearch(typed.trim());
        }}
      >
        <Select label={texts.by} placeholder={texts.all} clearable value={by} onChange={setBy} data={(found?.columns ?? []).map((value) => ({ value, label: columnName(value) }))} />
        <TextInput label={texts.search} value={typed} maxLength={200} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit" variant="default">{texts.searchButton}</Button>
      </form>
      {query.error && <ErrorNotice error={asApiError(query.error)} />}
      {found && found.left_out.length > 0 && <p className="lw-quiet lw-small">{texts.leftOut(found.left_out.map(columnName), found.min_items)}</p>}
      {found && lines.length === 0 && found.left_out.length === 0 && <p className="lw-quiet">{texts.nothing}</p>}
      {found && lines.length > 0 && (
        <Scroll label={texts.title}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{texts.slice}</th>
                <th scope="col">{metricName(found.metric)}</th>
                <th scope="col" data-number>{texts.shrunk}</th>
                <th scope="col" data-number title={texts.pTitle}>{texts.p}</th>
              </tr>
            </thead>
            <tbody>
              {found.overall && (
                <tr>
                  <th scope="row">{texts.overall}</th>
                  <td><Interval of={found.overall} /></td>
                  <td />
                  <td />
                </tr>
              )}
              {(all ? lines : lines.slice(0, FIRST)).map((one) => (
                <tr key={`${one.column} ${one.value}`}>
                  <th scope="row">
                    {may("item.read") ? (
                      <button type="button" className={css.link} aria-expanded={open === one} title={texts.open(sliceName(one.column, one.value))} onClick={() => setOpen(open === one ? null : one)}>
                        <span dir="auto">{sliceName(one.column, one.value)}</span>
                      </button>
                    ) : (
                      <span dir="auto">{sliceName(one.column, one.value)}</span>
                    )}
                  </th>
                  <td><Interval of={one.figure} /></td>
                  <td data-number>{one.shrunk === null ? s.evaluation.none : figure(one.shrunk)}</td>
                  <td data-number>{one.p_value === null ? s.evaluation.none : texts.small(one.p_value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {!all && lines.length > FIRST && <Button size="xs" variant="subtle" onClick={() => setAll(true)}>{s.common.more}</Button>}
      <div aria-live="polite">{open && <OfSlice key={`${open.column} ${open.value}`} slug={slug} question={question} of={open} search={search} />}</div>
    </Block>
  );
}

function OfSlice({ slug, question, of, search }: { slug: string; question: string; of: SliceLine; search: string }) {
  const query = useQuery(sliceItemsQuery(slug, question, of.column, of.value, search));
  if (query.error) return <ErrorNotice error={asApiError(query.error)} />;
  if (!query.data) return <p className="lw-quiet lw-small">{s.common.loading}</p>;
  return (
    <div className={css.items} data-testid="slice-items">
      <h3>{texts.items(query.data.n, query.data.n_wrong, sliceName(of.column, of.value))}</h3>
      <ItemLinks slug={slug} items={query.data.items} />
      {of.column === "search" && of.value === "with" && (
        <p>
          <Link to="/p/$slug/items" params={{ slug }} search={{ show: "reserve", search, question }}>{texts.inItems}</Link>
        </p>
      )}
      <Send slug={slug} question={question} items={query.data.items.slice(0, query.data.n_wrong ?? query.data.items.length)} />
    </div>
  );
}
