import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** A site as it was typed, waiting for a credential that reaches it. */
export interface WantedSite {
  typed: string;
  problem: string | null;
}

export function listWantedSites(reader: Reader, connectionId: string): Promise<WantedSite[]> {
  return reader.query<WantedSite>(sql`
    select typed, problem
      from wanted_sites
     where connection_id = ${connectionId}
     order by added_at, typed
  `);
}

export async function saveWantedSite(
  tx: Tx,
  wanted: { connectionId: string; typed: string; problem: string | null; at: Date },
): Promise<void> {
  await tx.execute(sql`
    insert into wanted_sites (connection_id, typed, problem, added_at)
    values (${wanted.connectionId}, ${wanted.typed}, ${wanted.problem}, ${wanted.at})
        on conflict (connection_id, typed) do update set problem = excluded.problem
  `);
}

export function removeWantedSite(tx: Tx, connectionId: string, typed: string): Promise<number> {
  return tx.execute(sql`
    delete from wanted_sites
     where connection_id = ${connectionId}
       and typed = ${typed}
  `);
}
