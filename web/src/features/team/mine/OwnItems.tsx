import { Button, Loader } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { asApiError } from "@/api/error";
import type { Annotation } from "@/api/types";
import { moment } from "@/ui/format";
import { Badge, ErrorNotice, Peek } from "@/ui/parts";
import { s } from "@/ui/strings";
import { asideQuery, notesQuery, takeBack } from "../requests";
import css from "../team.module.css";

const texts = s.mine;

/** What the person skipped or flagged; taking one back brings it to the label page. */
export function SetAside({ slug, n }: { slug: string; n: number | null }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const aside = useQuery(asideQuery(slug));
  const back = useMutation({
    mutationFn: (one: Annotation) => takeBack(slug, one.item_id, one.id),
    onSuccess: async () => {
      for (const key of ["aside", "mine", "project"]) void client.invalidateQueries({ queryKey: [key, slug] });
      await navigate({ to: "/p/$slug/label", params: { slug } });
    },
  });
  return (
    <section className="lw-panel" data-testid="set-aside">
      <h2>
        {texts.aside}
        {n !== null && n > 0 && ` (${n})`}
      </h2>
      <p className="lw-quiet lw-small">{aside.data?.items.length === 0 ? texts.asideNone : texts.asideText}</p>
      {(aside.error ?? back.error) && <ErrorNotice error={asApiError(aside.error ?? back.error)} />}
      {aside.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      <ul className={css.list}>
        {aside.data?.items.map((one) => (
          <li key={one.id}>
            <span className={css.peek}>
              <Peek preview={one.preview} />
            </span>
            <span className={css.said}>
              <Badge tone={one.kind === "flag" ? "warn" : undefined}>{texts.kinds[one.kind]}</Badge>
              <span className={one.reason ? undefined : "lw-quiet"} dir="auto">
                {one.reason ?? texts.noReason}
              </span>
              <span className="lw-quiet lw-small">{moment(one.at)}</span>
              <Button size="compact-sm" variant="default" loading={back.isPending && back.variables.id === one.id} onClick={() => back.mutate(one)}>
                {texts.takeBack}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The notes that the person wrote to answers. */
export function Notes({ slug }: { slug: string }) {
  const notes = useQuery(notesQuery(slug));
  return (
    <section className="lw-panel">
      <h2>{texts.notes}</h2>
      {notes.error && <ErrorNotice error={asApiError(notes.error)} />}
      {notes.data?.items.length === 0 && <p className="lw-quiet lw-small">{texts.notesNone}</p>}
      <ul className={css.list}>
        {notes.data?.items.map((one) => (
          <li key={one.id}>
            <span className={css.peek}>
              <Peek preview={one.preview} />
            </span>
            <span className={css.said}>
              <Badge>{one.summary}</Badge>
              <span dir="auto">{one.reason}</span>
              <span className="lw-quiet lw-small">{moment(one.at)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
