import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { Discussion } from "@/ui/Discussion";
import { s } from "@/ui/strings";
import { comment, type Review } from "./requests";

/** What people wrote about a review. */
export function Comments({ slug, review, mayWrite }: { slug: string; review: Review; mayWrite: boolean }) {
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: (text: string) => comment(slug, review.line.id, text),
    onSuccess: (now) => client.setQueryData(["review", slug, review.line.id], now),
  });
  return (
    <Discussion
      title={s.quality.comments}
      write={s.quality.comment}
      send={s.quality.send}
      comments={review.comments}
      mayWrite={mayWrite}
      pending={send.isPending}
      error={send.error && asApiError(send.error)}
      onSend={(text, done) => send.mutate(text, { onSuccess: done })}
    />
  );
}
