import { ApiProblem } from "../../api/client.ts";
import { listRuns, requestRun } from "../../api/runs.ts";
import type { Session } from "../session.ts";
import type { RunRow } from "./follow-runs.ts";

/** Begins to read a site; gives the run that is under way where there is one already. */
export async function beginRun(
  session: Session,
  asked: { siteId: string; scope: "full" | "license" | "delta" },
): Promise<RunRow> {
  try {
    return await session.call(requestRun, { body: asked });
  } catch (thrown) {
    if (!(thrown instanceof ApiProblem) || thrown.problem.code !== "run-under-way") throw thrown;
    const query = { siteId: asked.siteId, state: ["queued" as const, "running" as const] };
    for await (const run of session.items(listRuns, { query })) return run;
    // It ended in between: this time nothing is in the way.
    return session.call(requestRun, { body: asked });
  }
}
