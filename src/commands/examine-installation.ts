import { judgeActing } from "../rules/acting-health.ts";
import { type HealthCheck, judgeInstallation, judgeSchema } from "../rules/installation-health.ts";
import { readInstallationFacts } from "../store/doctor.ts";
import { verifyJournal } from "../store/journal.ts";
import { compareSchema } from "../store/schema-version.ts";
import { sql } from "../store/sql.ts";
import type { Context } from "./context.ts";

/** Looks at everything that the database can tell, changes nothing, and judges it. */
export async function examineInstallation({ db, clock }: Pick<Context, "db" | "clock">): Promise<HealthCheck[]> {
  const schema = await compareSchema(db);
  // What is not there, or means something else by now, cannot be looked at.
  if (schema !== "as-known") return [judgeSchema({ schema })];
  const before = clock.now();
  await db.query(sql`select 1`);
  const latencyMs = clock.now().getTime() - before.getTime();
  const journal = await db.snapshot((reader) => verifyJournal(reader));
  const at = clock.now();
  const facts = await readInstallationFacts(db);
  return [...judgeInstallation({ ...facts, journal, latencyMs, at }), ...judgeActing(facts.acting, at)];
}
