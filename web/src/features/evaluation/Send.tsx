import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { useMayIn } from "@/api/projects";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { sendToReview } from "./requests";
import css from "./evaluation.module.css";

const texts = s.evaluation.errors;

/** Send items to review, with as many agreeing ones hidden among them. */
export function Send({ slug, question, items }: { slug: string; question: string; items: readonly string[] }) {
  const may = useMayIn(slug);
  const client = useQueryClient();
  const sending = useMutation({
    mutationFn: () => sendToReview(slug, question, [...items]),
    onSuccess: () => client.invalidateQueries({ queryKey: ["reviews", slug] }),
  });
  if (!may("review") || items.length === 0) return null;
  return (
    <div className={css.send}>
      <p className="lw-quiet lw-small">{texts.sendText}</p>
      {sending.data ? (
        <p role="status">{texts.sent(sending.data.n_asked, sending.data.n_agreeing)}</p>
      ) : (
        <Button size="xs" variant="default" loading={sending.isPending} onClick={() => sending.mutate()}>
          {texts.send(items.length)}
        </Button>
      )}
      {sending.error && <ErrorNotice error={asApiError(sending.error)} />}
    </div>
  );
}
