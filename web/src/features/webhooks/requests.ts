/** The requests about webhooks. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

export type Webhook = components["schemas"]["Webhook"];
export type WebhookKind = Webhook["kinds"][number];

export const webhooksQuery = (slug: string) =>
  queryOptions({
    queryKey: ["webhooks", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/webhooks", { params: { path: { slug } } })),
  });

export function putWebhook(slug: string, url: string, kinds: WebhookKind[]) {
  return data(api.PUT("/api/v1/projects/{slug}/webhooks", { params: { path: { slug } }, body: { url, kinds } }));
}

export function removeWebhook(slug: string, id: string) {
  return data(api.DELETE("/api/v1/projects/{slug}/webhooks/{hook_id}", { params: { path: { slug, hook_id: id } } }));
}
