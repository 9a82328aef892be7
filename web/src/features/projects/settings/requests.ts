/** The requests of the settings page. */
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";
import type { NewGoal } from "@/api/types";

export type FilePreview = components["schemas"]["FilePreview"];

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

/** The project as a file, TOML. */
export function readFile(slug: string): Promise<string> {
  return data(api.GET("/api/v1/projects/{slug}/config", { ...of(slug), parseAs: "text" }));
}

export function previewFile(slug: string, text: string) {
  return data(api.POST("/api/v1/projects/{slug}/config/preview", { ...of(slug), body: { text } }));
}

export function applyFile(slug: string, text: string, seq: number) {
  return data(api.POST("/api/v1/projects/{slug}/config/apply", { ...of(slug), body: { text, seq } }));
}
