import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { asApiError } from "@/api/error";
import { ago } from "@/ui/format";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./projects.module.css";

/** Deleted projects, for admins: each can be restored. */
export function Deleted() {
  const client = useQueryClient();
  const deleted = useQuery({ queryKey: ["deleted"], queryFn: () => data(api.GET("/api/v1/deleted-projects")) });
  const back = useMutation({
    mutationFn: (slug: string) => data(api.POST("/api/v1/deleted-projects/{deleted}/restore", { params: { path: { deleted: slug } } })),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ["deleted"] }), client.invalidateQueries({ queryKey: ["projects"] })]),
  });
  const list = deleted.data?.items ?? [];
  if (list.length === 0) return null;
  return (
    <details className={css.more} data-testid="deleted">
      <summary>{s.deleted.show(list.length)}</summary>
      {back.error && <ErrorNotice error={asApiError(back.error)} />}
      <ul className={css.deleted}>
        {list.map((one) => (
          <li key={one.slug}>
            <b>{one.slug}</b>
            <span className="lw-quiet lw-small">{s.deleted.at(ago(one.deleted_at))}</span>
            <Button size="compact-sm" variant="default" loading={back.isPending && back.variables === one.slug} onClick={() => back.mutate(one.slug)}>
              {s.deleted.restore}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
