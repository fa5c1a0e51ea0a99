import type { ConnectionRevision, RevisionChange, RevisionCheck } from "../model/connection-revisions.ts";
import type { Probe } from "../model/connections.ts";
import type { Reader, Tx } from "./database.ts";
import { rawSql, sql } from "./sql.ts";

const COLUMNS = rawSql(`
  id, connection_id as "connectionId", state, revision, change, checked, checked_at as "checkedAt",
  created_by as "createdBy", created_at as "createdAt", updated_by as "updatedBy", updated_at as "updatedAt"`);

/** The revision that waits to be applied or discarded; a connection has one at most. */
export async function findOpenRevision(reader: Reader, connectionId: string): Promise<ConnectionRevision | null> {
  const rows = await reader.query<ConnectionRevision>(sql`
    select ${COLUMNS}
      from connection_revisions
     where connection_id = ${connectionId}
       and state not in ('applied', 'discarded')
  `);
  return rows[0] ? toRevision(rows[0]) : null;
}

/** Waits for, then holds, the open revision until the transaction ends. */
export async function lockOpenRevision(tx: Tx, connectionId: string): Promise<ConnectionRevision | null> {
  const rows = await tx.query<ConnectionRevision>(sql`
    select ${COLUMNS}
      from connection_revisions
     where connection_id = ${connectionId}
       and state not in ('applied', 'discarded')
       for update
  `);
  return rows[0] ? toRevision(rows[0]) : null;
}

/** The connection is held by the caller, so that there is never a second one. */
export async function insertRevision(
  tx: Tx,
  draft: { connectionId: string; by: string; at: Date },
): Promise<ConnectionRevision> {
  const { connectionId, by, at } = draft;
  const [row] = await tx.query<ConnectionRevision>(sql`
    insert into connection_revisions (connection_id, revision, change, created_by, created_at, updated_by, updated_at)
    values (${connectionId}, 0, '{}', ${by}, ${at}, ${by}, ${at})
    returning ${COLUMNS}
  `);
  if (!row) throw new Error("An insert returned no row.");
  return toRevision(row);
}

/** Saves what would change; whatever was checked before no longer counts. */
export async function saveRevisionChange(
  tx: Tx,
  revision: ConnectionRevision,
  change: RevisionChange,
  by: { operatorId: string; at: Date },
): Promise<ConnectionRevision> {
  const [row] = await tx.query<ConnectionRevision>(sql`
    update connection_revisions
       set change = ${JSON.stringify(change)}, revision = revision + 1, state = 'pending', checked = null,
           checked_at = null, updated_by = ${by.operatorId}, updated_at = ${by.at}
     where id = ${revision.id}
    returning ${COLUMNS}
  `);
  if (!row) throw new Error(`The revision ${revision.id} is not there.`);
  return toRevision(row);
}

/** The running connection changed below it: what was checked has to be checked again. */
export async function uncheckRevision(tx: Tx, connectionId: string): Promise<void> {
  await tx.execute(sql`
    update connection_revisions
       set state = 'pending', revision = revision + 1
     where connection_id = ${connectionId}
       and state in ('validating', 'valid', 'invalid')
  `);
}

/** A check began, or ended without having found anything out; of one that was changed since, nothing is saved. */
export async function saveRevisionState(
  tx: Tx,
  target: { id: string; revision: number },
  state: "pending" | "validating",
): Promise<void> {
  await tx.execute(sql`
    update connection_revisions
       set state = ${state}
     where id = ${target.id}
       and revision = ${target.revision}
       and state not in ('applied', 'discarded')
  `);
}

/** False when it was changed, applied or discarded since the check began: then what was seen is of something else. */
export async function saveRevisionCheck(
  tx: Tx,
  target: { id: string; revision: number },
  checked: RevisionCheck,
  at: Date,
): Promise<boolean> {
  const state = checked.blocking.length === 0 ? "valid" : "invalid";
  const saved = await tx.execute(sql`
    update connection_revisions
       set state = ${state}, checked = ${JSON.stringify(checked)}, checked_at = ${at}
     where id = ${target.id}
       and revision = ${target.revision}
       and state not in ('applied', 'discarded')
  `);
  return saved > 0;
}

/** Ends it. Of one that was discarded nothing is kept but that it was. */
export async function endRevision(
  tx: Tx,
  id: string,
  state: "applied" | "discarded",
  by: { operatorId: string; at: Date },
): Promise<void> {
  await tx.execute(sql`
    update connection_revisions
       set state = ${state}, ended_by = ${by.operatorId}, ended_at = ${by.at},
           change = case when ${state} = 'discarded' then '{}' else change end,
           checked = case when ${state} = 'discarded' then null else checked end
     where id = ${id}
  `);
}

/** Instants inside jsonb are ISO text. */
function toRevision(row: ConnectionRevision): ConnectionRevision {
  const { change, checked } = row;
  const since = change.settings?.analyzeActivitySince;
  const settings = since ? { ...change.settings, analyzeActivitySince: new Date(since) } : change.settings;
  return { ...row, change: settings ? { ...change, settings } : change, checked: checked && toCheck(checked) };
}

function toCheck({ sites, blocking, warnings }: RevisionCheck): RevisionCheck {
  return {
    sites: sites.map((site) => ({ ...site, probes: site.probes.map(withInstant) })),
    blocking: blocking.map(withInstant),
    warnings: warnings.map(withInstant),
  };
}

function withInstant<Each extends Probe>(probe: Each): Each {
  return { ...probe, checkedAt: new Date(probe.checkedAt) };
}
