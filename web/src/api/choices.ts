/** What there is to choose from; it changes with the version only. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "./client";

/** What items may be chosen by; some strategies look at labels of another domain, which few projects start from. */
export const strategiesQuery = (withSource: boolean) =>
  queryOptions({
    queryKey: ["strategies", withSource],
    queryFn: () => data(api.GET("/api/v1/strategies", { params: { query: { with_source: withSource } } })),
    staleTime: Infinity,
  });

/** What a goal may be stated in. */
export const metricsQuery = queryOptions({
  queryKey: ["metrics"],
  queryFn: () => data(api.GET("/api/v1/metrics")),
  staleTime: Infinity,
});

/** What so many items could certify of an accuracy. */
export const certifiableQuery = (value: number, n_items: number, openings: number) =>
  queryOptions({
    queryKey: ["certifiable", value, n_items, openings],
    queryFn: () => data(api.GET("/api/v1/certifiable", { params: { query: { value, n_items, openings } } })),
    staleTime: Infinity,
    placeholderData: (before) => before,
  });
