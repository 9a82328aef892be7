import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { projectQuery } from "@/api/projects";
import { classColor } from "@/ui/colors";
import { Download } from "@/ui/Download";
import { toSvg } from "@/ui/download";
import { figure } from "@/ui/format";
import { s } from "@/ui/strings";
import { Block } from "./Block";
import { placeOf, type Line } from "./chart";
import { Legend } from "./Legend";
import { Lines } from "./Lines";
import type { Drift, Finding } from "./requests";
import css from "./drift.module.css";

const texts = s.drift;
const MOST_LINES = 4;
const MOST_PARTS = 8;
const APART = 0.11; // of a window, so that intervals of several lines do not cover each other

/** What the last look says of one thing: picture, tests in words, date. */
export function Panel({ slug, found, of }: { slug: string; found: Drift; of: Finding }) {
  const svg = useRef<SVGSVGElement>(null);
  const project = useQuery(projectQuery(slug)).data;
  const question = of.question === null ? null : (project?.questions.find((one) => one.id === of.question)?.name ?? of.question);
  const isErrors = of.what === "errors" || of.what === "stream";
  const named = new Map(found.windows[0]?.counts.map((one, k) => [one.label, { name: one.name, color: classColor(k) }]) ?? []);
  const effect = new Map(of.parts.map((part) => [part.name, part.effect]));
  const shown = of.series
    .filter((one) => one.points.length > 1)
    .toSorted((a, b) => (effect.get(b.name) ?? 0) - (effect.get(a.name) ?? 0))
    .slice(0, MOST_LINES);
  const isStatistic = of.limit !== null || of.what === "columns";
  const lines: Line[] = shown.map((one, j) => ({
    name: named.get(one.name)?.name ?? one.name,
    color: named.get(one.name)?.color ?? "var(--lw-accent)",
    marks: one.points.map((point, k) => ({
      x: k + 0.5 + (j - (shown.length - 1) / 2) * APART, value: point.value, low: point.low, high: point.high,
      text: `${named.get(one.name)?.name ?? ""} ${isStatistic ? `${point.name}: ${figure(point.value)}` : texts.evaluation.point(point.name, point.value, point.low, point.high, point.n)}`.trim(),
    })),
  }));
  const names = shown[0]?.points.map((point) => point.name) ?? [];
  const isDated = of.what === "stream" || found.ordered_by === "time";
  const at = of.onset === null ? null : isStatistic ? names.indexOf(of.onset) + 0.5 : isDated ? placeOf(names, of.onset) : null;
  const onsets = of.alarm && at !== null && of.onset !== null ? [{ x: at, text: texts.onset(texts.what[of.what], of.onset) }] : [];
  const rows = of.series.flatMap((one) => one.points.map((point) => ({ series: named.get(one.name)?.name ?? one.name, ...point, window: point.name })));
  const missing = of.state === "ready" ? null : texts.states[of.state];
  return (
    <Block
      title={question === null ? texts.what[of.what] : texts.ofQuestion(texts.what[of.what], question)}
      text={texts.about[of.what]}
      testId={of.question === null ? `drift-${of.what}` : `drift-${of.what}-${of.question}`}
      action={lines.length > 0 && <Download name={`${slug} drift of ${of.what}${question === null ? "" : ` ${question}`}`} columns={["series", "window", "value", "low", "high", "n"]} rows={rows} picture={() => svg.current && toSvg(svg.current)} />}
    >
      {of.n_left_out > 0 && <p className="lw-quiet lw-small">{texts.leftOut(of.n_left_out, names[0] ?? null)}</p>}
      {missing !== null && <p className="lw-quiet">{typeof missing === "string" ? missing : of.what === "stream" && of.state === "few-labels" ? texts.fewRandom(of.n, of.needed) : missing(of.n, of.needed)}</p>}
      {lines.length > 0 && (
        <>
          <Lines lines={lines} label={texts.chart(texts.what[of.what])} xName={texts.window} yName={isStatistic ? texts.statistic : isErrors ? texts.error : texts.share} names={names} onsets={onsets} limit={of.limit === null ? undefined : { value: of.limit, text: texts.limit }} svg={svg} />
          <Legend names={lines.map((line) => ({ name: line.name, color: line.color }))} />
        </>
      )}
      <Tests of={of} />
      {of.parts.length > 0 && <Parts slug={slug} of={of} name={(part) => named.get(part)?.name ?? part} />}
    </Block>
  );
}

/** The tests in words, and the likeliest date of an alarm. */
export function Tests({ of }: { of: Finding }) {
  return (
    <ul className={css.tests}>
      {of.tests.map((test) => (
        <li key={test.name}>
          <b>{texts.tests[test.name] ?? test.name}</b>: {test.p_value === null ? texts.rise(test.effect) : texts.likely(test.p_value, of.level)} <span className="lw-quiet">{texts.effect(test.name, test.effect)}</span>
        </li>
      ))}
      {of.alarm && of.onset !== null && (
        <li>
          {texts.since(of.onset)} <span className="lw-quiet">{of.what !== "errors" && of.what !== "stream" && texts.sinceBias}</span>
        </li>
      )}
    </ul>
  );
}

function Parts({ slug, of, name }: { slug: string; of: Finding; name: (part: string) => string }) {
  const shares = of.parts.some((part) => part.before !== null);
  const shown = of.parts.toSorted((a, b) => a.p_value - b.p_value).slice(0, MOST_PARTS);
  return (
    <>
    <div className={css.scroll} tabIndex={0} role="region" aria-label={texts.part}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{texts.part}</th>
            {shares && <th scope="col">{texts.before}</th>}
            {shares && <th scope="col">{texts.now}</th>}
            <th scope="col">{texts.difference}</th>
            <th scope="col">{texts.p}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((part) => (
            <tr key={part.name}>
              <th scope="row" dir="auto">{name(part.name)}</th>
              {shares && <td>{part.before === null ? "–" : figure(part.before)}</td>}
              {shares && <td>{part.after === null ? "–" : `${figure(part.after)} [${figure(part.low ?? part.after)}, ${figure(part.high ?? part.after)}]`}</td>}
              <td>{figure(part.effect)}</td>
              <td>{part.p_value < 0.001 ? "< 0.001" : part.p_value.toFixed(3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <div className={css.head}>
      <span className="lw-small lw-quiet">{of.parts.length > shown.length && texts.more(of.parts.length - shown.length)}</span>
      <Download name={`${slug} ${texts.parts} of ${of.what}`} columns={["part", "before", "after", "low", "high", "effect", "p_value"]} rows={of.parts.map((part) => ({ part: name(part.name), ...part }))} />
    </div>
    </>
  );
}
