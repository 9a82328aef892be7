/** The requests about guidelines: proposals, what a change costs, pinning. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";
import type { Answer, Question } from "@/api/types";

export type Boundary = components["schemas"]["Boundary"];
export type Impact = components["schemas"]["Impact"];
export type Example = components["schemas"]["Example"];

const of = (slug: string) => ({ path: { slug } });

export const proposalsQuery = (slug: string, question: string) =>
  queryOptions({
    queryKey: ["proposals", slug, question],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/guidelines/proposals", { params: { ...of(slug), query: { question } } })),
  });

export function pin(slug: string, question: Question, seen: number, examples: readonly { item: string; answer: Answer; rule: string | null }[]) {
  const body = { markdown: question.guidelines.markdown, question: question.id, settings_version: seen, examples: examples.map((one) => ({ ...one, answer: { ...one.answer } })) };
  return data(api.PUT("/api/v1/projects/{slug}/guidelines", { params: of(slug), body }));
}

export function impactOf(slug: string, question: string, pair: readonly [Answer, Answer], near: readonly string[]) {
  const body = { question, pair: pair.map((answer) => ({ ...answer })), near: [...near], limit: 500 };
  return data(api.POST("/api/v1/projects/{slug}/guidelines/impact", { params: of(slug), body }));
}

export function sendToReview(slug: string, question: string, items: readonly string[]) {
  return data(api.POST("/api/v1/projects/{slug}/guidelines/review", { params: of(slug), body: { question, items: [...items] } }));
}
