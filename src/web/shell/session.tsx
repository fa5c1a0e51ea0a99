import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { createContext, use } from "react";
import { type AnswerFor, ApiProblem, callApi } from "../api/call.ts";

export type Session = AnswerFor<"session.get"> & {
  /** When this browser read it, by its own clock. */
  readAt: number;
};

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in. Only within the shell. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("There is no session outside the shell.");
  return session;
}

/** Within what belongs to a connection of whoever is signed in; see as-owner.tsx. */
export const OwnedContext = createContext(false);

/** What owners may do with their connection, its runs and its jobs, whatever their roles; the API decides the same. */
const AN_OWNERS = ["connections:write", "runs:write", "jobs:write"];

/**
 * Whether who is signed in may do what asks for `scope`, by a role or, within what belongs to a connection of theirs, as
 * its owner; writing includes reading the same noun.
 */
export function useMay(): (scope: string) => boolean {
  const isTheirs = use(OwnedContext);
  const mayByRole = useMayByRole();
  return (scope) => mayByRole(scope) || (isTheirs && covers(AN_OWNERS, scope));
}

/** The same by their roles alone: what is asked is of no connection, or of all. */
export function useMayByRole(): (scope: string) => boolean {
  const { scopes } = useSession();
  return (scope) => covers(scopes, scope);
}

/** Whether a page that asks for `scope` is there for them: whoever owns a connection has the list of theirs. */
export function useMayOpen(): (scope: string) => boolean {
  const { ownsConnections } = useSession();
  const mayByRole = useMayByRole();
  return (scope) => scope === "any-token" || mayByRole(scope) || (ownsConnections && scope === "connections:read");
}

export function covers(held: readonly string[], needed: string): boolean {
  return held.includes("*") || held.includes(needed) || held.includes(needed.replace(/:read$/, ":write"));
}

/** The session as the server knows it; null when nobody is signed in. */
const SESSION_QUERY = queryOptions({
  queryKey: ["session", "current"],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return { ...(await callApi("session.get", { signal })), readAt: Date.now() };
    } catch (error) {
      if (error instanceof ApiProblem && error.problem.status === 401) return null;
      throw error;
    }
  },
  // Asking is using, so it is not asked by itself: what else is asked tells when the session is gone.
  staleTime: 60_000,
});

export const useSessionQuery = () => useQuery(SESSION_QUERY);

/** Asks who is signed in while the page's own scripts are still on their way. */
export function beginSession(queries: QueryClient): void {
  void queries.prefetchQuery(SESSION_QUERY);
}
