import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { callApi } from "../api/call.ts";
import { sayProblem } from "../parts/toast.tsx";
import { forgetRecent } from "./palette/recent.ts";

/** Ends the session, here and at the provider of single sign-on; nothing that was read stays in the browser. */
export function useSignOut(): () => void {
  const queries = useQueryClient();
  const router = useRouter();
  return useCallback(() => {
    callApi("session.signOut").then(({ signOutUrl }) => {
      forgetRecent();
      queries.clear();
      if (signOutUrl) location.assign(signOutUrl);
      else void router.navigate({ to: "/sign-in" });
    }, sayProblem);
  }, [queries, router]);
}
