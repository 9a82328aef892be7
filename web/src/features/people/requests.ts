/** The requests about people, tokens and the own session. */
import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { Person } from "@/api/types";

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: () => data(api.GET("/api/v1/users", { params: { query: { limit: 200 } } })),
});

export const tokensQuery = queryOptions({ queryKey: ["tokens"], queryFn: () => data(api.GET("/api/v1/tokens")) });

export function invite(email: string, name: string, role: Person["role"]) {
  return data(api.POST("/api/v1/users", { body: { email, name, role } }));
}

export function makeToken(name: string) {
  return data(api.POST("/api/v1/tokens", { body: { name } }));
}

export function revokeToken(id: string) {
  return data(api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: id } } }));
}

export function signOut() {
  return data(api.DELETE("/api/v1/session"));
}
