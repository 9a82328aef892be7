import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { count, duration, words } from "@/ui/format";
import { ErrorNotice, Figure } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Beside, Pair } from "./Pick";
import { compareRoundsQuery, type Round, type RoundComparison } from "./requests";
import { Mix } from "./RoundCard";
import css from "./rounds.module.css";

const texts = s.rounds.compare;

/** Two rounds: settings, answers, time, and the models at their ends on the same reserve labels. */
export function CompareRounds({ slug, rounds }: { slug: string; rounds: Round[] }) {
  const [picked, setPicked] = useState<{ first?: string; second?: string }>({});
  const ended = rounds.filter((one) => one.state !== "running");
  const first = picked.first ?? ended[1]?.id ?? rounds[1]?.id ?? "";
  const second = picked.second ?? ended[0]?.id ?? rounds[0]?.id ?? "";
  const query = useQuery({ ...compareRoundsQuery(slug, first, second), enabled: first !== "" && first !== second });
  if (rounds.length < 2) return <p className="lw-quiet">{texts.few}</p>;
  const data = rounds.map((one) => ({ value: one.id, label: texts.round(one.number, one.strategy) }));
  return (
    <>
      <Pair data={data} first={first} second={second} onFirst={(value) => setPicked({ ...picked, first: value })} onSecond={(value) => setPicked({ ...picked, second: value })} />
      {query.error && <ErrorNotice error={asApiError(query.error)} />}
      {query.isLoading && <Loader size="sm" aria-label={s.common.loading} />}
      {query.data && <Compared found={query.data} />}
    </>
  );
}

function Compared({ found }: { found: RoundComparison }) {
  const { first, second } = found;
  const differing = found.settings.filter((line) => line.before !== line.now);
  const rows = [
    { what: texts.figure, first: first.after ? <Figure estimate={first.after} /> : texts.none, second: second.after ? <Figure estimate={second.after} /> : texts.none },
    { what: texts.answers, first: count(first.answers), second: count(second.answers) },
    { what: texts.seconds, first: duration(first.seconds), second: duration(second.seconds) },
    { what: texts.mix, first: <Mix asked={first.asked} />, second: <Mix asked={second.asked} /> },
    { what: s.rounds.fields.verdict, first: s.rounds.verdicts[first.verdict], second: s.rounds.verdicts[second.verdict] },
    ...differing.map((line) => ({ what: words(line.what), first: line.before, second: line.now })),
  ];
  return (
    <>
      <p className={css.sentence} data-testid="compared">{found.sentence}</p>
      <Beside label={texts.setupTable} first={s.rounds.number(first.number)} second={s.rounds.number(second.number)} rows={rows} />
      <p className="lw-quiet lw-small">{texts.same(found.settings.length - differing.length)}</p>
    </>
  );
}
