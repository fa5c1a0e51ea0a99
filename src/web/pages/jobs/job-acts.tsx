import { lazy, type ReactNode, Suspense } from "react";
import type { RowOf } from "../../api/call.ts";

// The menu of acts comes after the page.
const Loaded = lazy(async () => ({ default: (await import("./job-acts-loaded.tsx")).LoadedJobActs }));

/** What can be done about a job: run it now, switch it, move it. */
export function JobActs({ job }: { job: RowOf<"jobs.list"> }): ReactNode {
  return (
    <Suspense>
      <Loaded job={job} />
    </Suspense>
  );
}
