import type { SetUpStep } from "../../model/notifications.ts";
import type { Reader } from "../database.ts";
import { sql } from "../sql.ts";

export interface WaitingConnection {
  connectionId: string;
  connection: string;
  step: SetUpStep;
}

/** Connections that were made before `before` and are not published yet, each with the step where it waits. */
export async function listWaitingConnections(reader: Reader, before: Date): Promise<WaitingConnection[]> {
  return reader.query<WaitingConnection>(sql`
    select c.id as "connectionId", c.name as connection,
           case when not exists (select 1 from credentials k where k.connection_id = c.id and k.state = 'active')
                  then 'credentials'
                when not exists (select 1 from connection_sites x where x.connection_id = c.id) then 'sites'
                when c.state = 'draft' then 'check'
                else 'publish' end as step
      from connections c
     where c.state in ('draft', 'validated') and c.created_at <= ${before}
     order by c.id
  `);
}

export interface EndingCredential {
  credentialId: string;
  connectionId: string;
  connection: string;
  credential: string;
  expiresAt: Date;
}

/** Credentials in use that end before `before`, or have ended. */
export async function listEndingCredentials(reader: Reader, before: Date): Promise<EndingCredential[]> {
  return reader.query<EndingCredential>(sql`
    select k.id as "credentialId", c.id as "connectionId", c.name as connection, k.label as credential,
           k.expires_at as "expiresAt"
      from credentials k
      join connections c on c.id = k.connection_id
     where k.state = 'active' and c.state in ('published', 'paused') and k.expires_at <= ${before}
     order by k.id
  `);
}
