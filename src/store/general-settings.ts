import type { Reader, Tx } from "./database.ts";
import { sql } from "./sql.ts";

const NAME = "general";

/** What pages show of the installation itself. */
export interface GeneralSettings {
  name: string;
  /** IANA. */
  timeZone: string;
  /** 0: nobody has said anything yet. */
  revision: number;
}

const AS_MADE: GeneralSettings = { name: "Usher", timeZone: "UTC", revision: 0 };

export async function findGeneralSettings(reader: Reader): Promise<GeneralSettings> {
  const [row] = await reader.query<{ value: GeneralSettings }>(sql`
    select value from installation_settings where name = ${NAME}
  `);
  return row?.value ?? AS_MADE;
}

/** Two who save at once follow each other. */
export async function lockGeneralSettings(tx: Tx): Promise<GeneralSettings> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('installation_settings/general'))`);
  return findGeneralSettings(tx);
}

export async function saveGeneralSettings(tx: Tx, settings: GeneralSettings, at: Date): Promise<void> {
  await tx.execute(sql`
    insert into installation_settings (name, value, updated_at)
    values (${NAME}, ${JSON.stringify(settings)}, ${at})
        on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at
  `);
}
