/** Who is signed in and what they may do. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, data } from "./client";
import { setCsrf } from "./csrf";
import { ApiError } from "./error";
import type { Session } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      const session = await data(api.GET("/api/v1/session"));
      setCsrf(session);
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

/** How people sign in here, asked before anybody is signed in. */
export const waysQuery = queryOptions({
  queryKey: ["session", "provider"],
  queryFn: () => data(api.GET("/api/v1/session/provider")),
  staleTime: Infinity,
});

export function useSession(): Session | null {
  return useQuery(sessionQuery).data ?? null;
}

/** Whether the signed-in person has a permission on the site; in a project ask `useMayIn`. Pages hide what would be refused. */
export function useMay(): (permission: string) => boolean {
  const session = useSession();
  return (permission) => session?.permissions.includes(permission) ?? false;
}
