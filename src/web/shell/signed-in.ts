import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import type { AnswerFor } from "../api/call.ts";
import type { Session } from "./session.tsx";

/** What a page does when somebody has just been signed in: nothing of an earlier reader stays, and it leads on. */
export function useSignedIn(): (session: AnswerFor<"session.get">, next?: string) => void {
  const queries = useQueryClient();
  const router = useRouter();
  return useCallback(
    (session, next = "/") => {
      queries.clear();
      const read: Session = { ...session, readAt: Date.now() };
      queries.setQueryData(["session", "current"], read);
      router.history.replace(next);
    },
    [queries, router],
  );
}

/** Only an address of this server: a link must not lead away. */
export function localPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : "/";
}
