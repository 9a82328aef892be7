/** The requests of the page Evaluation. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

type S = components["schemas"];
export type Evaluation = S["Evaluation"];
export type Figure = S["TeamFigure"];
export type MetricLine = S["MetricLine"];
export type Choice = S["MetricChoice"];
export type Slices = S["Slices"];
export type SliceLine = S["SliceLine"];
export type Reliability = S["Reliability"];
export type Windows = S["Windows"];
export type Mistakes = S["Mistakes"];

const BASE = "/api/v1/projects/{slug}/evaluation";

export const evaluationQuery = (slug: string, question: string | null) =>
  queryOptions({
    queryKey: ["evaluation", slug, question],
    queryFn: () => data(api.GET(BASE, { params: { path: { slug }, query: { question } } })),
    placeholderData: (before) => before,
  });

export interface Asked {
  name: string;
  positive?: string;
  recall?: number;
  precision?: number;
  costs?: string;
}

export function measure(slug: string, question: string, asked: Asked) {
  return data(api.GET(`${BASE}/metric`, { params: { path: { slug }, query: { question, ...asked } } }));
}

export const mistakesQuery = (slug: string, question: string) =>
  queryOptions({
    queryKey: ["evaluation-cells", slug, question],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/mistakes", { params: { path: { slug }, query: { question } } })),
  });

export const worstQuery = (slug: string, question: string) =>
  queryOptions({
    queryKey: ["evaluation-worst", slug, question],
    queryFn: () => data(api.GET(`${BASE}/worst`, { params: { path: { slug }, query: { question } } })),
  });

export const slicesQuery = (slug: string, question: string, by: string | null, search: string) =>
  queryOptions({
    queryKey: ["evaluation-slices", slug, question, by, search],
    queryFn: () => data(api.GET(`${BASE}/slices`, { params: { path: { slug }, query: { question, by, search: search || null } } })),
    placeholderData: (before) => before,
  });

export const sliceItemsQuery = (slug: string, question: string, column: string, value: string, search: string) =>
  queryOptions({
    queryKey: ["evaluation-slice-items", slug, question, column, value, search],
    queryFn: () => data(api.GET(`${BASE}/slices/items`, { params: { path: { slug }, query: { question, column, value, search: search || null } } })),
  });

export function sendToReview(slug: string, question: string, items: string[]) {
  return data(api.POST(`${BASE}/reviews`, { params: { path: { slug } }, body: { question, items } }));
}
