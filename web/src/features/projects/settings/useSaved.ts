import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asApiError, type ApiError } from "@/api/error";

interface Saved<T> {
  save: (value: T) => void;
  pending: boolean;
  done: boolean;
  /** Somebody else has changed the settings since they were read; they have been read anew. */
  conflict: boolean;
  error: ApiError | null;
}

/** Send a change of settings and read the project anew, whatever came of it. */
export function useSaved<T>(slug: string, send: (value: T) => Promise<unknown>): Saved<T> {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([client.invalidateQueries({ queryKey: ["project", slug] }), client.invalidateQueries({ queryKey: ["projects"] }), client.invalidateQueries({ queryKey: ["progress", slug] })]);
  const change = useMutation({ mutationFn: send, onSettled: refresh });
  const error = change.error && asApiError(change.error);
  const conflict = error?.code === "conflict" && error.message.includes("have changed");
  return { save: change.mutate, pending: change.isPending, done: change.isSuccess, conflict, error: conflict ? null : error };
}
