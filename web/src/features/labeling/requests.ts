/** The requests of the label screen. */
import { api, data } from "@/api/client";
import type { Annotation, Item, Label, Queue, Question, Why } from "@/api/types";

export function takeWork(slug: string, n: number, similar = false): Promise<Queue> {
  return data(api.POST("/api/v1/projects/{slug}/queue", { params: { path: { slug } }, body: { n, similar } }));
}

export async function renewLease(slug: string, lease: string): Promise<string> {
  const path = { slug, lease_id: lease };
  return (await data(api.POST("/api/v1/projects/{slug}/leases/{lease_id}/renew", { params: { path } }))).expires_at;
}

/** Give an item back. It comes back by itself anyway, so a failure does not matter. */
export function giveBack(slug: string, lease: string): void {
  const path = { slug, lease_id: lease };
  data(api.DELETE("/api/v1/projects/{slug}/leases/{lease_id}", { params: { path } })).catch(() => undefined);
}

export async function recentAnnotations(slug: string): Promise<Annotation[]> {
  return (await data(api.GET("/api/v1/projects/{slug}/annotations", { params: { path: { slug }, query: { limit: 20 } } }))).items;
}

/** The person's standing annotations of the item that one of them is about. */
export async function annotationsBeside(slug: string, annotation: string): Promise<Annotation[]> {
  return (await data(api.GET("/api/v1/projects/{slug}/annotations", { params: { path: { slug }, query: { beside: annotation, standing: true, limit: 50 } } }))).items;
}

export function annotatedItem(slug: string, annotation: string): Promise<Item> {
  const path = { slug, annotation_id: annotation };
  return data(api.GET("/api/v1/projects/{slug}/annotations/{annotation_id}/item", { params: { path } }));
}

export function fetchFeedback(slug: string, annotation: string) {
  const path = { slug, annotation_id: annotation };
  return data(api.GET("/api/v1/projects/{slug}/annotations/{annotation_id}/feedback", { params: { path } }));
}

export function fetchNews(slug: string) {
  return data(api.GET("/api/v1/projects/{slug}/guidelines/news", { params: { path: { slug } } }));
}

export function sawNews(slug: string, question: string, version: number) {
  return data(api.POST("/api/v1/projects/{slug}/guidelines/seen", { params: { path: { slug } }, body: { question, version } }));
}

export function fetchWhy(slug: string, annotation: string): Promise<Why> {
  const path = { slug, annotation_id: annotation };
  return data(api.GET("/api/v1/projects/{slug}/annotations/{annotation_id}/why", { params: { path } }));
}

export async function addLabel(slug: string, question: string, name: string): Promise<{ question: Question; label: Label }> {
  const changed = await data(api.POST("/api/v1/projects/{slug}/labels", { params: { path: { slug } }, body: { name, question } }));
  const label = changed.labels.find((one) => one.name === name) ?? changed.labels.at(-1);
  if (!label) throw new Error("The label was not added.");
  return { question: changed, label };
}
