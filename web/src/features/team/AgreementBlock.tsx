import { Loader, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { count } from "@/ui/format";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Interval } from "./Interval";
import { agreementQuery, type Agreement, type Basis } from "./requests";
import css from "./team.module.css";

const texts = s.team.agreement;

/** How far the people of a project agree: one measure at a time, by class, pair, slice and version of the guidelines. */
export function AgreementBlock({ slug, question }: { slug: string; question: string }) {
  const [basis, setBasis] = useState<Basis>("random");
  const [measure, setMeasure] = useState("krippendorff");
  const found = useQuery(agreementQuery(slug, basis));
  const one = found.data?.questions.find((other) => other.question === question);
  return (
    <section className="lw-panel" data-testid="team-agreement">
      <h2>{texts.title}</h2>
      <p className="lw-quiet lw-small">{texts.text}</p>
      <div className={css.bar}>
        <Select label={texts.measure} allowDeselect={false} value={measure} onChange={(value) => value && setMeasure(value)} data={Object.entries(texts.measures).map(([value, label]) => ({ value, label }))} />
        <div>
          <span className={css.label} id="team-basis">{texts.basis}</span>
          <SegmentedControl aria-labelledby="team-basis" value={basis} onChange={(value) => setBasis(value as Basis)} data={(["random", "all"] as const).map((value) => ({ value, label: texts.bases[value] }))} />
        </div>
      </div>
      {found.error && <ErrorNotice error={asApiError(found.error)} />}
      {found.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {one && <Found one={one} measure={measure} basis={basis} />}
    </section>
  );
}

function Found({ one, measure, basis }: { one: Agreement; measure: string; basis: Basis }) {
  const value = one.measures.find((other) => other.measure === measure)?.figure;
  return (
    <>
      <p className={css.big} role="status">
        <Interval of={value} withN={false} spoken />
        <span className="lw-quiet lw-small">
          {texts.items(one.n_items)}. {texts.means[measure]} {basis === "all" && texts.basisText}
        </span>
      </p>
      <div className={css.columns}>
        {one.classes.length > 0 && (
          <Table title={texts.classes} text={texts.classesText} first={texts.class} second={texts.answers} rows={one.classes.map((line) => ({ name: line.name, n: line.n_answers, figure: line.figure }))} />
        )}
        {one.classes.length > 0 &&
          (one.pairs.length > 0 ? (
            <Table title={texts.pairs} text={texts.pairsText} first={texts.class} second={texts.answers} rows={one.pairs.map((line) => ({ name: texts.confused(line.first, line.second), n: line.n_confused, figure: line.figure }))} />
          ) : (
            <section>
              <h3>{texts.pairs}</h3>
              <p className="lw-quiet lw-small">{texts.pairsNone}</p>
            </section>
          ))}
        {one.slices.length > 0 && (
          <Table title={texts.slices} text={texts.slicesText} first={texts.slice} second={texts.shared} rows={one.slices.map((line) => ({ name: `${texts.columns[line.column] ?? line.column}: ${line.value}`, n: line.n_items, figure: line.measures.find((other) => other.measure === measure)?.figure }))} />
        )}
        {one.versions.length > 1 && (
          <Table title={texts.versions} text="" first={texts.versionHead} second="" rows={one.versions.map((line) => ({ name: texts.version(line.version), n: null, figure: line.measures.find((other) => other.measure === measure)?.figure }))} />
        )}
      </div>
    </>
  );
}

interface Row {
  name: string;
  n: number | null;
  figure: React.ComponentProps<typeof Interval>["of"];
}

function Table({ title, text, first, second, rows }: { title: string; text: string; first: string; second: string; rows: Row[] }) {
  return (
    <section>
      <h3>{title}</h3>
      {text && <p className="lw-quiet lw-small">{text}</p>}
      <div className={css.scroll} tabIndex={0} role="region" aria-label={title}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{first}</th>
              {second && <th scope="col" data-number>{second}</th>}
              <th scope="col">{s.team.agreement.measure}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row" dir="auto">{row.name}</th>
                {second && <td data-number>{row.n === null ? "" : count(row.n)}</td>}
                <td>
                  <Interval of={row.figure} withN={second === ""} spoken />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
