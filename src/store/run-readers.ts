import type { Capability } from "../model/connections.ts";
import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

/** Which connection a run reads a capability with. */
export interface RunReader {
  capability: Capability;
  connectionId: string;
}

/**
 * Writes down which connection reads what in this run, once: a run that is resumed goes on with what it began with. A
 * capability that nobody was ever chosen for is read by the connection of the run.
 */
export async function saveRunReaders(tx: Tx, run: { id: string; siteId: string; connectionId: string }): Promise<void> {
  await tx.execute(sql`
    insert into run_readers (run_id, capability, connection_id)
    select ${run.id}, wanted.capability, wanted.connection_id
      from (select held.capability, held.connection_id
              from site_capabilities held
              join connections c on c.id = held.connection_id
              join connection_sites x on x.connection_id = c.id and x.site_id = held.site_id
             where held.site_id = ${run.siteId}
               and held.capability = any (c.capabilities)
               and (c.state = 'published' or c.id = ${run.connectionId})
             union all
            select own.capability, c.id
              from connections c
             cross join unnest(c.capabilities) as own(capability)
             where c.id = ${run.connectionId}
               and own.capability not in (select capability from site_capabilities where site_id = ${run.siteId})
           ) wanted
     where not exists (select 1 from run_readers earlier where earlier.run_id = ${run.id})
  `);
}

/** In no order; none before the run has begun. */
export function listRunReaders(reader: Reader, runId: string): Promise<RunReader[]> {
  return reader.query<RunReader>(sql`
    select capability, connection_id as "connectionId"
      from run_readers
     where run_id = ${runId}
  `);
}
