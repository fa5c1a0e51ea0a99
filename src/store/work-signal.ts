import type { Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** Hears that something waits to be done: a run was queued, a job was begun or changed. Nothing is in the message. */
export const WORK_CHANNEL = "work";

/** Wakes whoever executes runs and jobs when the transaction commits; they also look by themselves every few seconds. */
export async function signalWork(tx: Tx): Promise<void> {
  await tx.query(sql`select pg_notify(${WORK_CHANNEL}, '')`);
}
