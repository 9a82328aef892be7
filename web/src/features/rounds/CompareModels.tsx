import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { count, moment } from "@/ui/format";
import { ErrorNotice, Figure } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Beside, Pair } from "./Pick";
import { compareModelsQuery, progressQuery } from "./requests";
import css from "./rounds.module.css";

const texts = s.rounds.compare;

/** Two models of the learning curve, with what had been spent when each was trained. */
export function CompareModels({ slug }: { slug: string }) {
  const curve = useQuery(progressQuery(slug)).data?.curve ?? [];
  const [picked, setPicked] = useState<{ first?: string; second?: string }>({});
  const first = picked.first ?? String(curve[0]?.cycle ?? "");
  const second = picked.second ?? String(curve[curve.length - 1]?.cycle ?? "");
  const query = useQuery({ ...compareModelsQuery(slug, Number(first), Number(second)), enabled: curve.length > 1 && first !== second });
  if (curve.length < 2) return <p className="lw-quiet">{texts.few}</p>;
  const data = curve.map((one) => ({ value: String(one.cycle), label: texts.model(one.n_labels, moment(one.at)) }));
  const found = query.data;
  const rows = found && [
    { what: texts.figure, first: found.first.estimate && <Figure estimate={found.first.estimate} />, second: found.second.estimate && <Figure estimate={found.second.estimate} /> },
    { what: texts.trained, first: count(found.first.n_labels), second: count(found.second.n_labels) },
    { what: texts.hours, first: found.first.hours?.toFixed(2), second: found.second.hours?.toFixed(2) },
    { what: texts.cost, first: found.first.cost?.toFixed(2) ?? texts.none, second: found.second.cost?.toFixed(2) ?? texts.none },
  ];
  return (
    <>
      <Pair data={data} first={first} second={second} onFirst={(value) => setPicked({ ...picked, first: value })} onSecond={(value) => setPicked({ ...picked, second: value })} />
      {query.error && <ErrorNotice error={asApiError(query.error)} />}
      {query.isLoading && <Loader size="sm" aria-label={s.common.loading} />}
      {found && rows && (
        <>
          <p className={css.sentence} data-testid="compared">{found.sentence}</p>
          <Beside label={texts.kinds.models} first={texts.first} second={texts.second} rows={rows} />
        </>
      )}
    </>
  );
}
