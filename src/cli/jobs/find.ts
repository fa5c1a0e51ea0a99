import { listJobs } from "../../api/jobs.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import type { Session } from "../session.ts";

/** A job by its id, or by its kind where there is one of it: `send-messages`. */
export async function jobIdOf(session: Session, given: string): Promise<string> {
  if (given.startsWith("job_")) return given;
  const found: string[] = [];
  for await (const job of session.items(listJobs, {})) {
    if (job.kind === given || job.name.toLowerCase() === given.toLowerCase()) found.push(job.id);
  }
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (only) throw usageFailure(`"${given}" may be several jobs.`, found.join("\n     "));
  throw new CliFailure(`There is no job "${given}".`, { exitCode: EXIT.notFound, next: "usher job list" });
}
