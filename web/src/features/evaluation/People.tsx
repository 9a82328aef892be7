import { Download } from "@/ui/Download";
import { Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Block, Scroll } from "./Block";
import { CELLS, cells, Interval } from "./Interval";
import type { Evaluation } from "./requests";
import css from "./evaluation.module.css";

const texts = s.evaluation.people;

/** What people's own errors mean for the accuracy, how readers fare, and how far the reserve was reviewed. */
export function People({ slug, found }: { slug: string; found: Evaluation }) {
  const people = found.people;
  if (!people) return null;
  const figures = [
    { name: texts.error, figure: people.error },
    { name: texts.measured, figure: people.measured },
    { name: texts.corrected, figure: people.corrected },
  ];
  const said = people.basis !== "none";
  const rows = figures.map((one) => ({ figure: one.name, ...cells(one.figure) }));
  return (
    <Block title={texts.title} text={`${texts.text} ${texts.bases[people.basis]}`} testId="evaluation-people" action={said && <Download name={`${slug} people`} columns={["figure", ...CELLS]} rows={rows} />}>
      {said ? (
        <>
          <dl className={css.numbers}>
            {figures.map((one) => (
              <div key={one.name}>
                <dt>{one.name}</dt>
                <dd><Interval of={one.figure} spoken /></dd>
              </div>
            ))}
          </dl>
          <p className="lw-quiet lw-small">{texts.caveat}</p>
        </>
      ) : (
        <p>{people.corrected.why}</p>
      )}
      {found.readers.map((one) => (
        <div key={one.against}>
          <h3>{texts.readers(one.against)}</h3>
          <Scroll label={texts.readers(one.against)}>
            <table className={css.table}>
              <thead>
                <tr>
                  <th scope="col">{texts.reader}</th>
                  <th scope="col">{texts.sensitivity(one.positive)}</th>
                  <th scope="col">{texts.specificity}</th>
                </tr>
              </thead>
              <tbody>
                {one.readers.map((reader) => (
                  <tr key={reader.name}>
                    <th scope="row">{reader.name || texts.everybody}</th>
                    <td><Interval of={reader.sensitivity} /></td>
                    <td><Interval of={reader.specificity} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </div>
      ))}
      {found.second_looks && <Looks of={found.second_looks} />}
    </Block>
  );
}

function Looks({ of }: { of: NonNullable<Evaluation["second_looks"]> }) {
  return (
    <div data-testid="second-looks">
      <h3>{texts.looks}</h3>
      <p className="lw-small">{texts.looksOf(of.n_wrong, of.n_wrong_reviewed, of.n_right, of.n_right_reviewed)}</p>
      {!of.even && <Notice tone="warn">{texts.uneven}</Notice>}
      <dl className={css.numbers}>
        <div>
          <dt>{texts.weighted}</dt>
          <dd><Interval of={of.corrected} spoken /></dd>
        </div>
      </dl>
    </div>
  );
}
