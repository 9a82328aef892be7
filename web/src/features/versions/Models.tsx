import { Button, Loader } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { Question } from "@/api/types";
import { moment, plural, words } from "@/ui/format";
import { Badge, Empty, ErrorNotice, Figure } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Choice, type Chosen } from "./Choice";
import { ModelCard } from "./ModelCard";
import { modelsQuery, type Model } from "./requests";
import css from "./versions.module.css";

const texts = s.versions;
const TONES = { served: "good", candidate: "accent", retired: undefined } as const;

interface Props {
  slug: string;
  mayChoose: boolean;
  questions: readonly Question[];
}

/** Every model that was trained, and which one serves. */
export function Models({ slug, mayChoose, questions }: Props) {
  const [choice, setChoice] = useState<Chosen | null>(null);
  const [card, setCard] = useState<string | null>(null);
  const query = useInfiniteQuery(modelsQuery(slug));
  const lines = query.data?.pages.flatMap((page) => page.items) ?? [];
  const textOf = (id: string) => questions.find((one) => one.id === id)?.name ?? id;
  const servesOf = (id: string) => lines.find((one) => one.question === id && one.stage === "served")?.id ?? null;
  const pinned = lines.filter((one) => one.is_chosen);
  return (
    <section className="lw-panel" aria-label={texts.models}>
      <div className={css.head}>
        <h2>{texts.models}</h2>
        {mayChoose &&
          pinned.map((one) => (
            <Button key={one.question} variant="default" onClick={() => setChoice({ question: one.question, model: null, now: one.id })}>
              {texts.serveNewest}
            </Button>
          ))}
      </div>
      {query.error && <ErrorNotice error={asApiError(query.error)} />}
      {query.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {query.data && lines.length === 0 && <Empty title={texts.noModels}>{texts.noModelsText}</Empty>}
      {lines.length > 0 && (
        <>
          <p className={`${css.text} lw-quiet lw-small`}>{texts.modelsText}</p>
          <div className={css.scroll} tabIndex={0} role="region" aria-label={texts.table.models}>
            <table className={`${css.table} ${css.flow}`} data-testid="models">
              <thead>
                <tr>
                  <th scope="col">{texts.model}</th>
                  {questions.length > 1 && <th scope="col">{texts.question}</th>}
                  <th scope="col">{texts.metric}</th>
                  <th scope="col">{texts.trainedOn}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {lines.map((line) => (
                  <Line key={line.id} line={line} question={questions.length > 1 ? textOf(line.question) : null} mayChoose={mayChoose} onCard={setCard} onChoose={() => setChoice({ question: line.question, model: line, now: servesOf(line.question) })} />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {query.hasNextPage && (
        <Button mt="sm" variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {texts.olderModels}
        </Button>
      )}
      {choice && <Choice slug={slug} choice={choice} nItems={query.data?.pages[0]?.n_items ?? 0} onClose={() => setChoice(null)} />}
      {card !== null && <ModelCard slug={slug} model={card} onClose={() => setCard(null)} />}
    </section>
  );
}

interface LineProps {
  line: Model;
  question: string | null;
  mayChoose: boolean;
  onCard: (id: string) => void;
  onChoose: () => void;
}

function Line({ line, question, mayChoose, onCard, onChoose }: LineProps) {
  const measured = line.metrics[0];
  return (
    <tr data-stage={line.stage}>
      <th scope="row">
        <span className={css.name}>
          <span>{line.id}</span> <Badge tone={TONES[line.stage]}>{texts.stages[line.stage]}</Badge> {line.is_chosen && <Badge tone="accent">{texts.chosen}</Badge>}{" "}
          {line.is_best && (
            <span title={texts.bestTitle}>
              <Badge tone="good">{texts.best}</Badge>
            </span>
          )}
        </span>
        <span className={`${css.note} lw-quiet lw-small`}>
          {words(line.kind)} · {moment(line.at)}
        </span>
      </th>
      {question !== null && <td dir="auto">{question}</td>}
      <td>
        {measured ? (
          <>
            <Figure estimate={measured} />
            <span className={`${css.note} lw-quiet lw-small`}>{words(measured.metric)}</span>
          </>
        ) : (
          <span className="lw-quiet">{texts.noMetric}</span>
        )}
      </td>
      <td className="lw-num">
        {plural(line.n_labels, "label")}
        <span className={`${css.note} lw-quiet lw-small`}>{line.label_version}</span>
      </td>
      <td data-actions>
        <Button variant="default" size="compact-sm" aria-label={texts.cardOf(line.id)} onClick={() => onCard(line.id)}>
          {texts.card}
        </Button>
        {!line.can_serve ? (
          <span className="lw-quiet lw-small">{texts.gone}</span>
        ) : (
          mayChoose &&
          !line.is_chosen && (
            <Button variant="default" size="compact-sm" aria-label={line.stage === "served" ? texts.keepOf(line.id) : texts.serveOf(line.id)} onClick={onChoose}>
              {line.stage === "served" ? texts.keepServing : texts.serve}
            </Button>
          )
        )}
      </td>
    </tr>
  );
}
