import type { WriteProof, WriteProofProblem, WriteProofStep } from "../model/write-proofs.ts";
import type { Reader, Tx } from "./database.ts";
import { rawSql, sql } from "./sql.ts";

const COLUMNS = rawSql(`
  id, connection_id as "connectionId", site_id as "siteId", requested_by as "requestedBy", group_name as "groupName",
  group_source_id as "groupSourceId", may_be_left as "mayBeLeft", state, steps, problem, started_at as "startedAt",
  finished_at as "finishedAt"`);

/** A proof that is about to begin; its group's name is its own id, so that no other group bears it. */
export async function insertWriteProof(
  tx: Tx,
  proof: { connectionId: string; siteId: string; requestedBy: string; at: Date },
): Promise<WriteProof> {
  const [row] = await tx.query<WriteProof>(sql`
    insert into write_proofs (id, connection_id, site_id, requested_by, group_name, started_at)
    select made.id, ${proof.connectionId}, ${proof.siteId}, ${proof.requestedBy},
           'usher-write-proof-' || substr(made.id, 7), ${proof.at}
      from (select new_id('proof') as id) made
    returning ${COLUMNS}
  `);
  if (!row) throw new Error("A write proof was not inserted.");
  return row;
}

/** What is known by now, saved after each step, so that a process that dies leaves it. */
export async function saveProofProgress(
  tx: Tx,
  id: string,
  progress: { steps: readonly WriteProofStep[]; groupSourceId: string | null; mayBeLeft: boolean },
): Promise<void> {
  await tx.execute(sql`
    update write_proofs
       set steps = ${JSON.stringify(progress.steps)}, group_source_id = ${progress.groupSourceId},
           may_be_left = ${progress.mayBeLeft}
     where id = ${id}
  `);
}

export async function endWriteProof(
  tx: Tx,
  id: string,
  end: { state: "proved" | "failed" | "interrupted"; problem: WriteProofProblem | null; at: Date },
): Promise<void> {
  await tx.execute(sql`
    update write_proofs
       set state = ${end.state}, problem = ${end.problem && JSON.stringify(end.problem)}, finished_at = ${end.at}
     where id = ${id}
       and state = 'running'
  `);
}

/** The group is not at the source any more. */
export async function saveGroupGone(tx: Tx, id: string): Promise<void> {
  await tx.execute(sql`update write_proofs set may_be_left = false where id = ${id}`);
}

/** Earlier proofs of the site that did not end, or whose group may still be there; the oldest first. */
export function listUnfinishedProofs(reader: Reader, siteId: string): Promise<WriteProof[]> {
  return reader.query<WriteProof>(sql`
    select ${COLUMNS}
      from write_proofs
     where site_id = ${siteId}
       and (may_be_left or state = 'running')
     order by started_at, id
  `);
}

/** The last proof of the site by this connection that ended; null before the first. */
export async function findLatestProof(
  reader: Reader,
  connectionId: string,
  siteId: string,
): Promise<(WriteProof & { requestedByName: string }) | null> {
  const rows = await reader.query<WriteProof & { requestedByName: string }>(sql`
    select p.*, o.name as "requestedByName"
      from (select ${COLUMNS}
              from write_proofs
             where connection_id = ${connectionId}
               and site_id = ${siteId}
               and state <> 'running'
             order by write_proofs.started_at desc, id desc
             limit 1) p
      join operators o on o.id = p."requestedBy"
  `);
  return rows[0] ?? null;
}
