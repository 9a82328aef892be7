/** The requests about calibration sessions and trainings. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";
import type { Answer } from "@/api/types";

type S = components["schemas"];
export type Line = S["CalibrationLine"];
export type Session = S["CalibrationSession"];
export type SessionItem = S["CalibrationItem"];
export type Person = S["CalibrationPerson"];
export type Figure = S["Figure"];
export type Agreement = S["SessionAgreement"];
export type Comparison = S["SessionComparison"];
export type NewSession = S["NewCalibration"];
export type Group = S["ProposedGroup"];
export type Again = S["CalibrationAgain"];

const ROOT = "/api/v1/projects/{slug}/calibrations" as const;
const ONE = "/api/v1/projects/{slug}/calibrations/{session_id}" as const;
const at = (slug: string, id: string) => ({ path: { slug, session_id: id } });

export const sessionsQuery = (slug: string) =>
  queryOptions({ queryKey: ["calibrations", slug], queryFn: () => data(api.GET(ROOT, { params: { path: { slug } } })) });

export const sessionQuery = (slug: string, id: string) =>
  queryOptions({ queryKey: ["calibration", slug, id], queryFn: () => data(api.GET(ONE, { params: at(slug, id) })), retry: false });

export const proposalsQuery = (slug: string, question: string) =>
  queryOptions({
    queryKey: ["calibration-proposals", slug, question],
    queryFn: () => data(api.GET(`${ROOT}/proposals`, { params: { path: { slug }, query: { question } } })),
  });

export function openSession(slug: string, body: NewSession) {
  return data(api.POST(ROOT, { params: { path: { slug } }, body }));
}

/** The API types an answer as any object; the task has checked it. */
export const asBody = (answer: Answer) => answer as unknown as Record<string, never>;

export interface Given {
  place: string;
  answer: Answer;
  note: string;
  seconds: number;
}

/** Something that is done to a session; the session as it is then takes the place of the one that is shown. */
export function useChange<T>(slug: string, id: string, act: (wanted: T) => Promise<Session>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (now) => {
      client.setQueryData(["calibration", slug, id], now);
      void client.invalidateQueries({ queryKey: ["calibrations", slug] });
    },
    onError: () => void client.invalidateQueries({ queryKey: ["calibration", slug, id] }),
  });
}

export function answer(slug: string, id: string, given: Given) {
  const body = { place: given.place, answer: asBody(given.answer), note: given.note.trim() || null, seconds: given.seconds };
  return data(api.POST(`${ONE}/answers`, { params: at(slug, id), body }));
}

export function move(slug: string, id: string, to: "reveal" | "close") {
  return data(to === "reveal" ? api.POST(`${ONE}/reveal`, { params: at(slug, id) }) : api.POST(`${ONE}/close`, { params: at(slug, id) }));
}

export function decide(slug: string, id: string, place: string, body: S["CalibrationDecision"]) {
  return data(api.POST(`${ONE}/items/{item_id}/decision`, { params: { path: { slug, session_id: id, item_id: place } }, body }));
}

export function comment(slug: string, id: string, place: string, text: string) {
  return data(api.POST(`${ONE}/comments`, { params: at(slug, id), body: { place, text } }));
}

export function again(slug: string, id: string, title: string) {
  return data(api.POST(`${ONE}/again`, { params: at(slug, id), body: { title } }));
}

/** Ask people to pass a training before real work, or nobody, by the rules of the project as they are now. */
export async function requireTraining(slug: string, id: string | null) {
  const params = { path: { slug } };
  const now = await data(api.GET("/api/v1/projects/{slug}/quality", { params }));
  const { checking } = now;
  const body = { ...checking, rules: { ...checking.rules, training: id }, settings_version: now.settings_version };
  return data(api.PUT("/api/v1/projects/{slug}/quality", { params, body }));
}
