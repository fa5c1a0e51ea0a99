import type { Capability, Connection, ConnectionSettings, SourceKind } from "../model/connections.ts";
import type { Reader, Tx } from "./database.ts";
import { rawSql, sql } from "./sql.ts";

/** A connection with whoever answers for it, by e-mail, sorted. */
export interface OwnedConnection extends Connection {
  owners: string[];
}

export interface ConnectionDraft {
  name: string;
  source: SourceKind;
  capabilities: readonly Capability[];
  settings: ConnectionSettings;
  owners: readonly string[];
  createdBy: string;
  /** It is the sample company's. */
  isSample?: boolean;
  at: Date;
}

/** As stored: `analyzeActivitySince` is ISO text inside the settings. */
export type ConnectionRow = Omit<OwnedConnection, "settings"> & {
  settings: Omit<ConnectionSettings, "analyzeActivitySince"> & { analyzeActivitySince: string };
};

export const CONNECTION_COLUMNS = rawSql(`
  c.id, c.name, c.source, c.state, c.capabilities, c.settings, c.revision, c.created_by as "createdBy",
  c.created_at as "createdAt", c.updated_at as "updatedAt",
  array(select o.email from connection_owners o where o.connection_id = c.id order by o.email) as owners`);

/** Names are unique among the living, whatever their case; a second one violates `connections_name`. */
export async function insertConnection(tx: Tx, draft: ConnectionDraft): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into connections (name, source, capabilities, settings, created_by, is_sample, created_at, updated_at)
    values (${draft.name}, ${draft.source}, ${draft.capabilities}, ${JSON.stringify(draft.settings)},
            ${draft.createdBy}, ${draft.isSample ?? false}, ${draft.at}, ${draft.at})
    returning id
  `);
  if (!row) throw new Error("An insert returned no row.");
  await saveOwners(tx, row.id, draft.owners, draft.at);
  return row.id;
}

export async function findConnection(reader: Reader, id: string): Promise<OwnedConnection | null> {
  const rows = await reader.query<ConnectionRow>(sql`
    select ${CONNECTION_COLUMNS}
      from connections c
     where c.id = ${id}
  `);
  return rows[0] ? toConnection(rows[0]) : null;
}

/** Waits for, then holds, the connection until the transaction ends, so that two changes are judged one after the other. */
export async function lockConnection(tx: Tx, id: string): Promise<OwnedConnection | null> {
  const rows = await tx.query<ConnectionRow>(sql`
    select ${CONNECTION_COLUMNS}
      from connections c
     where c.id = ${id}
       for update of c
  `);
  return rows[0] ? toConnection(rows[0]) : null;
}

/** The living connection of that name, whatever its case. */
export async function findConnectionByName(reader: Reader, name: string): Promise<OwnedConnection | null> {
  const rows = await reader.query<ConnectionRow>(sql`
    select ${CONNECTION_COLUMNS}
      from connections c
     where lower(c.name) = lower(${name})
       and c.state <> 'archived'
  `);
  return rows[0] ? toConnection(rows[0]) : null;
}

/** Saves what may change; the revision grows by one. */
export async function saveConnection(tx: Tx, connection: OwnedConnection, at: Date): Promise<OwnedConnection> {
  await tx.execute(sql`
    update connections
       set name = ${connection.name}, state = ${connection.state}, capabilities = ${connection.capabilities},
           settings = ${JSON.stringify(connection.settings)}, revision = revision + 1, updated_at = ${at}
     where id = ${connection.id}
  `);
  await saveOwners(tx, connection.id, connection.owners, at);
  return { ...connection, revision: connection.revision + 1, updatedAt: at };
}

async function saveOwners(tx: Tx, connectionId: string, owners: readonly string[], at: Date): Promise<void> {
  await tx.execute(sql`
    delete from connection_owners
     where connection_id = ${connectionId}
       and email <> all (${owners}::text[])
  `);
  await tx.execute(sql`
    insert into connection_owners (connection_id, email, added_at)
    select ${connectionId}, email, ${at}
      from unnest(${owners}::text[]) as email
        on conflict do nothing
  `);
}

/** A row as the database gives it, as everyone else knows it. */
export function toConnection(row: ConnectionRow): OwnedConnection {
  return {
    ...row,
    settings: { ...row.settings, analyzeActivitySince: new Date(row.settings.analyzeActivitySince) },
  };
}
