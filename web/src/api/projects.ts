/** Reads that several features share. */
import { onSite } from "@/site/base";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, data } from "./client";

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: () => data(api.GET("/api/v1/projects", { params: { query: { limit: 200 } } })),
});

export const projectQuery = (slug: string) =>
  queryOptions({
    queryKey: ["project", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}", { params: { path: { slug }, query: { utc_offset: utcOffset() } } })),
    refetchInterval: (query) => (query.state.data?.state === "importing" ? 1000 : false),
  });

/** Whether the signed-in person has a permission in a project, which may be another than on the site. */
export function useMayIn(slug: string): (permission: string) => boolean {
  const project = useQuery(projectQuery(slug)).data;
  return (permission) => project?.permissions.includes(permission) ?? false;
}

/** Minutes by which this clock is ahead of UTC: the day begins at the person's own midnight. */
function utcOffset(): number {
  return -new Date().getTimezoneOffset();
}

const AT_MOST_EVERY_MS = 1500;
const POLL_MS = 10_000;

/**
 * Keep what is shown of a project fresh: server-sent `state` messages where they work, polling where not.
 * `parts` are the first words of the query keys to refetch.
 */
export function useLive(slug: string, parts: readonly string[]): void {
  const client = useQueryClient();
  const joined = parts.join(" ");
  useEffect(() => {
    let last = 0;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const refetch = () => {
      last = Date.now();
      waiting = undefined;
      for (const part of joined.split(" ")) void client.invalidateQueries({ queryKey: [part, slug] });
    };
    const soon = () => {
      waiting ??= setTimeout(refetch, Math.max(0, last + AT_MOST_EVERY_MS - Date.now()));
    };
    const stream = new EventSource(onSite(`/api/v1/projects/${slug}/stream`));
    stream.addEventListener("state", soon);
    const poll = setInterval(() => {
      if (stream.readyState !== EventSource.OPEN && !document.hidden) soon();
    }, POLL_MS);
    return () => {
      stream.close();
      clearInterval(poll);
      clearTimeout(waiting);
    };
  }, [client, slug, joined]);
}
