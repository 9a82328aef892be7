import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useActions } from "@/actions/useActions";
import type { ProjectDetail } from "@/api/types";
import { asApiError } from "@/api/error";
import { ItemView } from "@/items";
import { ErrorNotice, KeyCap } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./news.module.css";
import { around, type NewsOfQuestion } from "./news";
import { fetchNews, sawNews } from "./requests";


/** What changed in the guidelines since the person last saw them, the first question of which something did. */
export function useNews({ slug, questions }: ProjectDetail): NewsOfQuestion | null {
  const versions = questions.map((one) => one.guidelines.version).join(",");
  const guided = questions.some((one) => one.guidelines.version > 1);
  const query = { queryKey: ["news", slug, versions], queryFn: () => fetchNews(slug), staleTime: Infinity, retry: 1, enabled: guided };
  return useQuery(query).data?.items[0] ?? null;
}

/** What is new in the guidelines, before the next item; work goes on once it was seen. */
export function News({ project, news: first }: { project: ProjectDetail; news: NewsOfQuestion }) {
  const { slug, questions } = project;
  const client = useQueryClient();
  const saw = useMutation({
    mutationFn: () => sawNews(slug, first.question, first.version),
    onSuccess: () => client.invalidateQueries({ queryKey: ["news", slug] }),
  });
  useActions(["label"], (id) => {
    if (id !== "submit" || saw.isPending) return false;
    saw.mutate();
    return true;
  });
  const name = questions.find((one) => one.id === first.question)?.name ?? "";
  return (
    <main className={css.page} data-testid="news">
      <h1>{s.label.newsTitle}</h1>
      {questions.length > 1 && <p dir="auto">{name}</p>}
      <p className="lw-quiet">{s.label.newsVersions(first.seen, first.version)}</p>
      <div className={css.lines} tabIndex={0}>
        {around(first.lines).map((line, i) => (
          <p key={i} data-change={line.change} dir="auto">
            {line.change === "added" && <span className="lw-small">{s.label.added}</span>}
            {line.change === "removed" && <span className="lw-small">{s.label.removed}</span>}
            {line.text || "\u00a0"}
          </p>
        ))}
      </div>
      {first.examples.length > 0 && <h2>{s.label.newExamples}</h2>}
      <div className={css.examples}>
        {first.examples.map((one) => (
          <figure key={one.item} className="lw-panel">
            <ItemView item={one.content} />
            <figcaption dir="auto">
              <b>{one.label}</b> {one.rule}
            </figcaption>
          </figure>
        ))}
      </div>
      {saw.error && <ErrorNotice error={asApiError(saw.error)} />}
      <Button loading={saw.isPending} rightSection={<KeyCap>⏎</KeyCap>} onClick={() => saw.mutate()} data-autofocus>
        {s.label.gotIt}
      </Button>
    </main>
  );
}
