/** The requests of the page Drift. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";

type S = components["schemas"];
export type Drift = S["Drift"];
export type Finding = S["DriftFinding"];
export type Alarm = S["DriftAlarm"];
export type DriftWindow = S["DriftWindow"];
export type Figure = S["TeamFigure"];
export type Outcome = S["Settlement"]["outcome"];

const BASE = "/api/v1/projects/{slug}/drift";

export const driftQuery = (slug: string) =>
  queryOptions({
    queryKey: ["drift", slug],
    queryFn: () => data(api.GET(BASE, { params: { path: { slug } } })),
  });

export const alarmsQuery = (slug: string) =>
  queryOptions({
    queryKey: ["drift-alarms", slug],
    queryFn: () => data(api.GET(`${BASE}/alarms`, { params: { path: { slug } } })),
  });

export function settle(slug: string, alarm: string, outcome: Outcome, note: string) {
  return data(api.POST(`${BASE}/alarms/{alarm_id}`, { params: { path: { slug, alarm_id: alarm } }, body: { outcome, note } }));
}

export function draw(slug: string, alarm: string, n: number) {
  return data(api.POST(`${BASE}/alarms/{alarm_id}/sample`, { params: { path: { slug, alarm_id: alarm } }, body: { n } }));
}
