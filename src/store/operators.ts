import type { Reader, Tx } from "./database.ts";
import type { ListSource } from "./paging.ts";
import { sql } from "./sql.ts";

export interface Operator {
  id: string;
  kind: "person" | "service-account";
  name: string;
  email: string | null;
  roles: string[];
  createdAt: Date;
  endedAt: Date | null;
}

const columns = sql`id, kind, name, email, roles, created_at as "createdAt", ended_at as "endedAt"`;

export async function findOperator(reader: Reader, id: string): Promise<Operator | null> {
  const rows = await reader.query<Operator>(sql`select ${columns} from operators where id = ${id}`);
  return rows[0] ?? null;
}

/** The service account of this name, made if there is none; the same one for two that ask at once. */
export async function ensureServiceAccount(tx: Tx, name: string, roles: string[], at: Date): Promise<Operator> {
  await tx.execute(sql`
    insert into operators (kind, name, roles, created_at)
    values ('service-account', ${name}, ${roles}, ${at})
    on conflict (name) where kind = 'service-account' do nothing
  `);
  const rows = await tx.query<Operator>(sql`
    select ${columns}
      from operators
     where kind = 'service-account' and name = ${name}
       for update
  `);
  return rows[0]!;
}

/** The person of this e-mail, made if there is none; the name of one who is there stays. */
export async function ensurePerson(tx: Tx, person: { name: string; email: string }, at: Date): Promise<Operator> {
  await tx.execute(sql`
    insert into operators (kind, name, email, created_at)
    values ('person', ${person.name}, ${person.email}, ${at})
    on conflict (lower(email)) where kind = 'person' do nothing
  `);
  const rows = await tx.query<Operator>(sql`
    select ${columns}
      from operators
     where kind = 'person' and lower(email) = lower(${person.email})
       for update
  `);
  return rows[0]!;
}

/** Operators for a list; `kinds` null is every kind. */
export function operatorRows(filter: {
  kinds: readonly Operator["kind"][] | null;
}): ListSource<Operator, Operator, "name" | "createdAt"> {
  const rows = sql`from operators where (${filter.kinds}::text[] is null or kind = any(${filter.kinds}))`;
  return {
    sorts: {
      name: { by: sql`name collate "C"`, type: "text" },
      createdAt: { by: sql`created_at`, type: "timestamptz" },
    },
    tie: { by: sql`id`, type: "text" },
    select: (page) => sql`select ${columns}, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}
