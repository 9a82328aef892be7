import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { slotLook } from "@/api/slots";
import { words } from "@/ui/format";
import { Dot, ErrorNotice, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./label.module.css";
import type { Done } from "./state";
import { fetchWhy } from "./requests";

/** "Why was I asked this?", shown only after the answer, so that it cannot influence it. */
export function WhyPanel({ slug, last }: { slug: string; last: Done | undefined }) {
  const id = last?.given[0]?.annotationId ?? null;
  const why = useQuery({ queryKey: ["why", slug, id], queryFn: () => fetchWhy(slug, id ?? ""), enabled: id !== null, staleTime: Infinity });
  if (!last) return <p className={`${css.whyText} lw-quiet`}>{s.label.whyNone}</p>;
  return (
    <div className={css.whyText} aria-live="polite">
      <div className={css.whyItem}>
        <Peek preview={last.preview} />
        <span className="lw-clip lw-quiet lw-small">{last.title}</span>
      </div>
      {why.error ? (
        <ErrorNotice error={asApiError(why.error)} />
      ) : !why.data ? (
        <p className="lw-quiet">{id === null ? s.label.whyUnsaved : s.common.loading}</p>
      ) : (
        <>
          <p>
            <Dot color={slotLook(why.data.kind).color} /> <b>{slotLook(why.data.kind).label}</b>
            {why.data.strategy && <span className="lw-quiet"> · {why.data.strategy}</span>}
          </p>
          <p>{why.data.text}</p>
          {why.data.parts.length > 0 && (
            <ul className={css.parts}>
              {why.data.parts.map((part) => (
                <li key={part.name} title={words(part.name)}>
                  {part.text}
                </li>
              ))}
            </ul>
          )}
          {(why.data.position !== null || why.data.n_labels !== null) && (
            <p className="lw-quiet lw-small">{s.label.whyPlace(why.data.position, why.data.n_labels)}</p>
          )}
        </>
      )}
    </div>
  );
}
