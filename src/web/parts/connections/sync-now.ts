import { useMutation, type UseMutationResult, useQueryClient } from "@tanstack/react-query";
import { callApi } from "../../api/call.ts";
import { t } from "../../text/t.ts";
import { say, sayProblem } from "../toast.tsx";
import { connectionTexts as texts } from "./texts.ts";

interface Wanted {
  connectionId: string;
  name: string;
  siteIds: readonly string[];
}

/** Asks for a full sync of each of these sites; says how many began, or why none did. Answers the runs' ids. */
export function useSyncNow(): UseMutationResult<string[], Error, Wanted> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ connectionId, siteIds }: Wanted) => {
      const asked = await Promise.allSettled(
        siteIds.map((siteId) => callApi("runs.request", { body: { siteId, connectionId } })),
      );
      const runs = asked.flatMap((each) => (each.status === "fulfilled" ? [each.value.id] : []));
      const refused = asked.find((each) => each.status === "rejected");
      if (runs.length === 0 && refused) throw refused.reason as Error;
      return runs;
    },
    onSuccess: async (runs, { name }) => {
      say(t(texts.syncsBegan, { count: runs.length, name }));
      await Promise.all(
        ["connections", "runs", "overview"].map((noun) => queries.invalidateQueries({ queryKey: [noun] })),
      );
    },
    onError: sayProblem,
  });
}
