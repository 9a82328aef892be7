/** The requests about plans. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { Columns, NewPlan, Preview } from "@/api/types";

const POLL_MS = 2000;

export const plansQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["plans", project],
    queryFn: () => data(api.GET("/api/v1/plans", { params: { query: { project } } })),
    refetchInterval: (query) => (query.state.data?.items.some((one) => isOpen(one.state)) ? POLL_MS : false),
  });

export const planQuery = (id: string) =>
  queryOptions({
    queryKey: ["plan", id],
    queryFn: () => data(api.GET("/api/v1/plans/{plan_id}", { params: { path: { plan_id: id } } })),
    refetchInterval: (query) => (query.state.data && isOpen(query.state.data.line.state) ? POLL_MS : false),
    retry: false,
  });

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: () => data(api.GET("/api/v1/models")),
  staleTime: Infinity,
});

/** Whether replays are still to come. */
export function isOpen(state: string): boolean {
  return state === "waiting" || state === "running";
}

export function startPlan(body: NewPlan) {
  return data(api.POST("/api/v1/plans", { body }));
}

export async function endPlan(id: string): Promise<void> {
  await data(api.DELETE("/api/v1/plans/{plan_id}", { params: { path: { plan_id: id } } }));
}

export function previewFile(upload: string, columns: Columns): Promise<Preview> {
  return data(api.POST("/api/v1/uploads/{upload_id}/preview", { params: { path: { upload_id: upload } }, body: { columns, task: null, labels: null } }));
}

/** Projects on data like an upload, as soon as its kind is known. */
export const similarQuery = (upload: string, columns: Columns, task: Preview["task"], labels: string[]) =>
  queryOptions({
    queryKey: ["similar", upload, columns, task, labels],
    queryFn: () => data(api.POST("/api/v1/plans/similar", { body: { upload_id: upload, columns, task, labels } })),
    staleTime: Infinity,
    retry: false,
  });
