import type { QueryClient } from "@tanstack/react-query";

/** What is shown of a project's items is out of date. */
export function changedItems(client: QueryClient, slug: string): Promise<unknown> {
  return Promise.all(["project", "progress", "imports", "items", "item"].map((part) => client.invalidateQueries({ queryKey: [part, slug] })));
}
