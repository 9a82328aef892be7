/** The requests about people, tokens and the own session. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { ProjectGiven, ProjectRole, SiteRole } from "@/api/types";

const PAGE = 50;

export const usersQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["users", search],
    queryFn: ({ pageParam }) => data(api.GET("/api/v1/users", { params: { query: { search, limit: PAGE, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: (before) => before,
  });

export const membersQuery = (slug: string) =>
  infiniteQueryOptions({
    queryKey: ["members", slug],
    queryFn: ({ pageParam }) =>
      data(api.GET("/api/v1/projects/{slug}/members", { params: { path: { slug }, query: { limit: PAGE, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const tokensQuery = queryOptions({ queryKey: ["tokens"], queryFn: () => data(api.GET("/api/v1/tokens")) });

export function invite(email: string, name: string, role: SiteRole, projects: ProjectGiven[]) {
  return data(api.POST("/api/v1/users", { body: { email, name, role, projects } }));
}

export function changeUser(id: string, body: { role?: SiteRole; active?: boolean }) {
  return data(api.PATCH("/api/v1/users/{user_id}", { params: { path: { user_id: id } }, body }));
}

export function eraseUser(id: string) {
  return data(api.POST("/api/v1/users/{user_id}/erase", { params: { path: { user_id: id } } }));
}

export function newLink(id: string) {
  return data(api.POST("/api/v1/users/{user_id}/link", { params: { path: { user_id: id } } }));
}

export function addMember(slug: string, email: string, name: string, role: ProjectRole) {
  return data(api.POST("/api/v1/projects/{slug}/members", { params: { path: { slug } }, body: { email, name, role } }));
}

export function giveRole(slug: string, id: string, role: ProjectRole) {
  return data(api.PUT("/api/v1/projects/{slug}/members/{user_id}", { params: { path: { slug, user_id: id } }, body: { role } }));
}

export function removeMember(slug: string, id: string) {
  return data(api.DELETE("/api/v1/projects/{slug}/members/{user_id}", { params: { path: { slug, user_id: id } } }));
}

/** A change of somebody's rights; every list of people and of projects may show something else after it. */
export function useChange<Values, Reply>(change: (values: Values) => Promise<Reply>, onDone?: (reply: Reply) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (reply) => onDone?.(reply),
    onSettled: () => Promise.all(["users", "members", "project", "projects", "session"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
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
