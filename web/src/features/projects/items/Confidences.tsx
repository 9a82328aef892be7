import type { ItemDetail, Label, Question } from "@/api/types";
import { classColor } from "@/ui/colors";
import { count, figure, plural } from "@/ui/format";
import { Dot } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./items.module.css";

const [W, H, PAD] = [320, 120, 6];

type Points = ItemDetail["confidences"];

/** Confidence over model versions, a chart for each question that has a model. */
export function Confidences({ points, questions }: { points: Points; questions: readonly Question[] }) {
  if (points.length === 0) return <p className="lw-quiet lw-small">{s.records.confidencesEmpty}</p>;
  return questions.map((question) => {
    const own = points.filter((point) => point.question === question.id);
    return own.length === 0 ? null : <Chart key={question.id} title={questions.length > 1 ? question.name : null} points={own} labels={question.labels} />;
  });
}

/** The colour says which answer. */
function Chart({ title, points, labels }: { title: string | null; points: Points; labels: readonly Label[] }) {
  const last = points.at(-1);
  if (!last) return null;
  const indexOf = (answer: string) => labels.findIndex((one) => one.name === answer || one.id === answer);
  const color = (answer: string) => (indexOf(answer) >= 0 ? classColor(indexOf(answer)) : "var(--lw-accent)");
  const name = (answer: string) => labels[indexOf(answer)]?.name ?? answer;
  const first = points[0]?.n_labels ?? 0;
  const span = Math.max(1, last.n_labels - first);
  const x = (n: number) => PAD + ((n - first) / span) * (W - 2 * PAD);
  const y = (value: number) => H - PAD - Math.min(1, Math.max(0, value)) * (H - 2 * PAD);
  const seen = [...new Set(points.map((point) => point.answer))];
  return (
    <figure className={css.confidence}>
      {title !== null && <span className="lw-quiet lw-small" dir="auto">{title}</span>}
      <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={s.records.confidenceLabel}>
        {[0, 0.5, 1].map((value) => (
          <line key={value} x1={0} x2={W} y1={y(value)} y2={y(value)} className={css.gridLine} />
        ))}
        <polyline points={points.map((point) => `${x(point.n_labels)},${y(point.confidence)}`).join(" ")} className={css.line} />
        {points.map((point) => (
          <circle key={point.cycle} cx={x(point.n_labels)} cy={y(point.confidence)} r={4} fill={color(point.answer)}>
            <title>{`${name(point.answer)} ${figure(point.confidence)}, ${plural(point.n_labels, "label")}`}</title>
          </circle>
        ))}
      </svg>
      <figcaption>
        <span className={css.answers}>
          {seen.map((answer) => (
            <span key={answer}>
              <Dot color={color(answer)} /> {name(answer)}
            </span>
          ))}
        </span>
        <span className="lw-quiet lw-num">
          {s.records.labelsRange(count(first), count(last.n_labels))}
        </span>
      </figcaption>
    </figure>
  );
}
