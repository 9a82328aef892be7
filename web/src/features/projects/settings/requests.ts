/** The requests of the settings page. */
import { api, data } from "@/api/client";
import type { NewGoal } from "@/api/types";

interface LabelChange {
  id: string | null;
  name: string;
}

const of = (slug: string) => ({ params: { path: { slug } } });

export function changeGoal(slug: string, goal: NewGoal | null, seen: number) {
  return data(api.PUT("/api/v1/projects/{slug}/goal", { ...of(slug), body: { goal, settings_version: seen } }));
}

export function changeQuestion(slug: string, question: string, body: { text: string; labels: LabelChange[] | null; open_labels: boolean | null; settings_version: number }) {
  const params = { path: { slug, question_id: question } };
  return data(api.PATCH("/api/v1/projects/{slug}/questions/{question_id}", { params, body }));
}

export function archive(slug: string, undo: boolean) {
  return data(undo ? api.POST("/api/v1/projects/{slug}/unarchive", of(slug)) : api.POST("/api/v1/projects/{slug}/archive", of(slug)));
}

export function deleteProject(slug: string) {
  return data(api.DELETE("/api/v1/projects/{slug}", of(slug)));
}
