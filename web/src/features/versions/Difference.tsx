import { Loader, Select } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { asApiError } from "@/api/error";
import { ErrorNotice, Figure } from "@/ui/parts";
import { s } from "@/ui/strings";
import { OfQuestion } from "./OfQuestion";
import { diffQuery, versionsQuery, type Moments, type VersionDiff } from "./requests";
import css from "./versions.module.css";

const texts = s.versions;
/** No name of a version has this character. */
const NOW = "!";

interface Props {
  slug: string;
  moments: Moments | null;
  onMoments: (moments: Moments) => void;
}

/** Two versions beside each other. Nothing is asked before somebody has picked two. */
export function Difference({ slug, moments, onMoments }: Props) {
  const versions = useInfiniteQuery(versionsQuery(slug)).data?.pages.flatMap((page) => page.items) ?? [];
  const section = useRef<HTMLElement>(null);
  const first = moments?.first ?? null;
  const second = moments === null ? null : (moments.second ?? NOW);
  const found = useQuery({ ...diffQuery(slug, moments ?? { first: "", second: null }), enabled: moments !== null });
  useEffect(() => {
    if (first !== null) section.current?.scrollIntoView({ block: "nearest" });
  }, [first]);
  if (versions.length === 0) return null;
  const data = versions.map((one) => ({ value: one.name, label: one.name }));
  const pick = (from: string | null, to: string | null) => from !== null && onMoments({ first: from, second: to === NOW ? null : to });
  return (
    <section ref={section} className="lw-panel" aria-label={texts.compare}>
      <h2>{texts.compare}</h2>
      <p className="lw-quiet lw-small">{texts.compareText}</p>
      <div className={css.pair}>
        <Select label={texts.from} placeholder={texts.pick} searchable allowDeselect={false} value={first} onChange={(value) => pick(value, second)} data={data} data-testid="from" />
        <Select label={texts.to} searchable allowDeselect={false} value={second ?? NOW} onChange={(value) => pick(first, value)} data={[{ value: NOW, label: texts.now }, ...data]} data-testid="to" />
      </div>
      {found.error && <ErrorNotice error={asApiError(found.error)} />}
      {found.isLoading && <Loader size="sm" aria-label={s.common.loading} />}
      {found.data && moments && <Found slug={slug} moments={moments} found={found.data} />}
    </section>
  );
}

function Found({ slug, moments, found }: { slug: string; moments: Moments; found: VersionDiff }) {
  if (found.first_seq === found.second_seq && found.first === found.second) return <p>{texts.same}</p>;
  const { before, after, sentence } = found.effect;
  return (
    <>
      <div className={css.effect} data-testid="effect">
        <h3>{texts.effect}</h3>
        {(before || after) && (
          <p className={css.figures}>
            {before ? <Figure estimate={before} /> : <span className="lw-quiet">{texts.noMetric}</span>} <span aria-hidden>→</span> {after ? <Figure estimate={after} /> : <span className="lw-quiet">{texts.noMetric}</span>}
          </p>
        )}
        <p>{sentence}</p>
      </div>
      {found.questions.map((one) => (
        <OfQuestion key={`${one.question} ${moments.first} ${moments.second}`} slug={slug} moments={moments} question={one} named={found.questions.length > 1} />
      ))}
    </>
  );
}
