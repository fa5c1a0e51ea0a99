import { ok, refuse, type Result } from "../lib/result.ts";
import type { HeldDecision } from "../model/runs.ts";
import type { Reader, Tx } from "./database.ts";
import { findHeldRun, findRun, type HeldDifference, type RunRow } from "./runs.ts";
import { sql } from "./sql.ts";

/** A run whose difference waits for a person, or for what a person decided to be carried out. */
export interface HeldRun extends RunRow {
  held: HeldDifference;
  observedAt: Date;
}

/** `superseded`: a later run replaced the difference; the newest one is to be looked at. */
export type HeldRunRefusal = "no-such-run" | "not-held" | "superseded";

export async function findNewestHeld(reader: Reader, runId: string): Promise<Result<HeldRun, HeldRunRefusal>> {
  const run = await findRun(reader, runId);
  if (!run) return refuse("no-such-run");
  const { held, observedAt, siteId } = run;
  if (run.state !== "held" || held === null || observedAt === null) return refuse("not-held");
  if ((await findHeldRun(reader, siteId))?.id !== runId) return refuse("superseded");
  return ok({ ...run, held, observedAt });
}

/** As `findNewestHeld`, with the run's row held until the transaction ends: of two decisions only the first counts. */
export async function lockNewestHeld(tx: Tx, runId: string): Promise<Result<HeldRun, HeldRunRefusal>> {
  await tx.query(sql`select id from runs where id = ${runId} for update`);
  return findNewestHeld(tx, runId);
}

/** The run that is queued or under way on a site. */
export async function findRunUnderWay(
  reader: Reader,
  siteId: string,
): Promise<{ id: string; state: "queued" | "running" } | null> {
  const [row] = await reader.query<{ id: string; state: "queued" | "running" }>(sql`
    select id, state from runs where site_id = ${siteId} and state in ('queued', 'running')
  `);
  return row ?? null;
}

/** The run of a site whose difference was accepted and is not closed yet. */
export async function findAcceptedRun(reader: Reader, siteId: string): Promise<HeldRun | null> {
  const [row] = await reader.query<{ id: string }>(sql`
    select id
      from runs
     where site_id = ${siteId} and state = 'held' and held_decision = 'accepted'
     order by requested_at desc
     limit 1
  `);
  const run = row ? await findRun(reader, row.id) : null;
  if (run === null || run.held === null || run.observedAt === null) return null;
  return { ...run, held: run.held, observedAt: run.observedAt };
}

export async function saveHeldDecision(tx: Tx, id: string, decision: HeldDecision, at: Date): Promise<void> {
  await tx.execute(sql`update runs set held_decision = ${decision}, held_decided_at = ${at} where id = ${id}`);
}

/** The run no longer waits for anybody; what it held stays written beside it. */
export async function endHeld(tx: Tx, id: string, state: "succeeded" | "partial"): Promise<void> {
  await tx.execute(sql`update runs set state = ${state} where id = ${id} and state = 'held'`);
}

/** The site works again as it did, if it was degraded for this reason and no other. */
export async function leaveHeldHealth(tx: Tx, siteId: string, reason: string): Promise<void> {
  await tx.execute(sql`
    update sites
       set health = 'connected', health_detail = null
     where id = ${siteId} and health = 'degraded' and health_detail ->> 'reason' = ${reason}
  `);
}
