import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import type { ProjectDetail } from "@/api/types";
import { ItemView } from "@/items";
import { moment } from "@/ui/format";
import { Markdown } from "@/ui/Markdown";
import { Badge, Empty, ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Comments } from "./Comments";
import { Decide } from "./Decide";
import css from "./quality.module.css";
import { reviewQuery, type Review } from "./requests";

interface Props {
  slug: string;
  id: string;
  project: ProjectDetail;
  onDecided: () => void;
}

/** One review: the item, what each person said, the guidelines beside it, and the decision. */
export function ReviewPane({ slug, id, project, onDecided }: Props) {
  const query = useQuery(reviewQuery(slug, id));
  if (query.error) return <ErrorNotice error={asApiError(query.error)} />;
  if (!query.data) return <Loader size="sm" aria-label={s.common.loading} />;
  const review = query.data;
  const question = project.questions.find((one) => one.id === review.line.question) ?? project.question;
  return (
    <article className={css.pane} data-testid="review">
      <header>
        <h2 dir="auto">{question.name}</h2>
        <p className="lw-quiet">
          {review.line.why} <Link to="/p/$slug/items/$id" params={{ slug, id: review.line.item }}>{s.quality.history}</Link>
        </p>
      </header>
      <section className={css.item} data-kind={review.item.content.kind}>
        <ItemView item={review.item} />
      </section>
      <Said review={review} />
      {project.permissions.includes("review") && <Decide slug={slug} review={review} question={question} onDecided={onDecided} />}
      {review.line.state === "decided" && <Outcome review={review} />}
      <div className={css.beside}>
        <Comments slug={slug} review={review} mayWrite={project.permissions.includes("review")} />
        <section className="lw-panel">
          <h3>{s.quality.guidelines(review.guidelines.version)}</h3>
          {review.guidelines.markdown ? <Markdown source={review.guidelines.markdown} /> : <Empty title={s.quality.noGuidelines} />}
        </section>
      </div>
    </article>
  );
}

/** The answers side by side, in the order they came. */
function Said({ review }: { review: Review }) {
  return (
    <section aria-label={s.quality.answers} className={css.answers}>
      {review.answers.map((one) => (
        <div key={one.annotation} className={css.answer} data-concerned={one.concerned} data-standing={one.standing}>
          <b dir="auto">{one.label ?? s.quality.said[one.kind] ?? one.kind}</b>
          <span>
            {one.person} {one.kind === "repeat" && <Badge>{s.quality.second}</Badge>}
            {one.kind === "correct" && <Badge>{s.quality.corrected}</Badge>}
          </span>
          {one.note && <q dir="auto">{one.note}</q>}
          <span className="lw-quiet lw-small">
            {[moment(one.at), one.seconds == null ? null : s.quality.seconds(one.seconds), one.guideline_version > 0 ? s.quality.guidelineOf(one.guideline_version) : null].filter(Boolean).join(" · ")}
          </span>
        </div>
      ))}
      {review.label !== null && (
        <div className={css.answer} data-now>
          <b dir="auto">{review.label}</b>
          <span>{s.quality.model}</span>
          <span className="lw-quiet lw-small">{review.label_confidence == null ? null : `${Math.round(100 * review.label_confidence)} %`}</span>
        </div>
      )}
    </section>
  );
}

function Outcome({ review }: { review: Review }) {
  const words = s.quality.outcomes[review.line.outcome ?? ""];
  return (
    <section className="lw-panel">
      <b dir="auto">{words ? words(review.proposed_label ?? "") : review.line.outcome}</b>{" "}
      <span className="lw-quiet">{review.line.decided_by ? s.quality.by(review.line.decided_by) : null}</span>
      {review.reason && <p dir="auto">{review.reason}</p>}
    </section>
  );
}
