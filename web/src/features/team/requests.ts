/** The requests about how people fare. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";
import { uuid } from "@/api/uuid";

type S = components["schemas"];
export type TeamFigure = S["TeamFigure"];
export type Team = S["Team"];
export type PersonLine = S["PersonLine"];
export type Agreement = S["QuestionAgreement"];
export type Look = S["Look"];
export type Finding = S["Finding"];
export type TeamPerson = S["TeamPerson"];
export type Profile = S["Profile"];
export type Cell = S["ConfusionCell"];
export type WorkSpan = S["WorkSpan"];
export type Outcome = S["OutcomeOfMine"];
export type Basis = "random" | "all";

const STALE_MS = 30_000;

export const teamQuery = (slug: string, question: string | null) =>
  queryOptions({
    queryKey: ["team", slug, question],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/team", { params: { path: { slug }, query: { question } } })),
    staleTime: STALE_MS,
    placeholderData: (before) => before,
  });

export const agreementQuery = (slug: string, basis: Basis) =>
  queryOptions({
    queryKey: ["team-agreement", slug, basis],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/team/agreement", { params: { path: { slug }, query: { basis } } })),
    staleTime: STALE_MS,
    placeholderData: (before) => before,
  });

export const attentionQuery = (slug: string, question: string | null) =>
  queryOptions({
    queryKey: ["team-attention", slug, question],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/team/attention", { params: { path: { slug }, query: { question } } })),
    staleTime: STALE_MS,
  });

export const personQuery = (slug: string, person: string, question: string | null) =>
  queryOptions({
    queryKey: ["team-person", slug, person, question],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/team/{person_id}", { params: { path: { slug, person_id: person }, query: { question } } })),
    staleTime: STALE_MS,
    placeholderData: (before) => before,
    retry: false,
  });

export function describe(slug: string, person: string, body: Profile) {
  return data(api.PUT("/api/v1/projects/{slug}/annotators/{person_id}", { params: { path: { slug, person_id: person } }, body }));
}

export const ownWorkQuery = (slug: string) =>
  queryOptions({ queryKey: ["mine", slug], queryFn: () => data(api.GET("/api/v1/projects/{slug}/mine", { params: { path: { slug } } })) });

export const outcomesQuery = (slug: string) =>
  queryOptions({ queryKey: ["outcomes", slug], queryFn: () => data(api.GET("/api/v1/projects/{slug}/outcomes", { params: { path: { slug } } })) });

export const asideQuery = (slug: string) =>
  queryOptions({
    queryKey: ["aside", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/annotations", { params: { path: { slug }, query: { kind: ["skip", "flag"], standing: true, limit: 50 } } })),
  });

export const notesQuery = (slug: string) =>
  queryOptions({
    queryKey: ["notes", slug],
    queryFn: () => data(api.GET("/api/v1/projects/{slug}/annotations", { params: { path: { slug }, query: { kind: ["answer", "correct"], standing: true, noted: true, limit: 50 } } })),
  });

/** Take back a skip or a flag: the item is the caller's again. */
export function takeBack(slug: string, item: string, annotation: string) {
  const body = { answer_id: uuid(), item_id: item, kind: "undo" as const, replaces: annotation };
  return data(api.POST("/api/v1/projects/{slug}/annotations", { params: { path: { slug } }, body }));
}

export function appeal(slug: string, review: string, text: string) {
  return data(api.POST("/api/v1/projects/{slug}/reviews/{review_id}/appeal", { params: { path: { slug, review_id: review } }, body: { text } }));
}
