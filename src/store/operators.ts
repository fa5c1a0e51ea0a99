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
  lastSignedInAt: Date | null;
  revision: number;
}

const columns = sql`
  id, kind, name, email, roles, created_at as "createdAt", ended_at as "endedAt",
  last_signed_in_at as "lastSignedInAt", revision
`;

export async function findOperator(reader: Reader, id: string): Promise<Operator | null> {
  const rows = await reader.query<Operator>(sql`select ${columns} from operators where id = ${id}`);
  return rows[0] ?? null;
}

export async function lockOperator(tx: Tx, id: string): Promise<Operator | null> {
  const rows = await tx.query<Operator>(sql`select ${columns} from operators where id = ${id} for update`);
  return rows[0] ?? null;
}

export async function findPersonByEmail(reader: Reader, email: string): Promise<Operator | null> {
  const rows = await reader.query<Operator>(sql`
    select ${columns} from operators where kind = 'person' and lower(email) = lower(${email})
  `);
  return rows[0] ?? null;
}

/** People who may do everything and have not ended. */
export async function countAdmins(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ admins: number }>(sql`
    select count(*) as admins
      from operators
     where kind = 'person' and 'admin' = any (roles) and ended_at is null
  `);
  return row?.admins ?? 0;
}

/** Until the transaction ends, nobody else makes or unmakes an admin: the last one is never lost between two. */
export async function lockAdmins(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('usher/admins'))`);
}

/** Saves what may change; the revision grows by one. */
export async function saveOperator(tx: Tx, operator: Operator): Promise<Operator> {
  await tx.execute(sql`
    update operators
       set name = ${operator.name}, roles = ${operator.roles}, ended_at = ${operator.endedAt}, revision = revision + 1
     where id = ${operator.id}
  `);
  return { ...operator, revision: operator.revision + 1 };
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

/** Null: there is one of this name already. */
export async function insertServiceAccount(tx: Tx, name: string, at: Date): Promise<Operator | null> {
  const rows = await tx.query<Operator>(sql`
    insert into operators (kind, name, created_at)
    values ('service-account', ${name}, ${at})
        on conflict (name) where kind = 'service-account' do nothing
    returning ${columns}
  `);
  return rows[0] ?? null;
}

/** The person of this e-mail, made if there is none; the name and roles of one who is there stay. */
export async function ensurePerson(
  tx: Tx,
  person: { name: string; email: string; roles?: readonly string[] },
  at: Date,
): Promise<Operator> {
  await tx.execute(sql`
    insert into operators (kind, name, email, roles, created_at)
    values ('person', ${person.name}, ${person.email}, ${(person.roles ?? []) as string[]}, ${at})
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

/** A person whom nobody has this e-mail of; null: they have none that is known. */
export async function insertPerson(
  tx: Tx,
  person: { name: string; email: string | null; roles: readonly string[] },
  at: Date,
): Promise<Operator> {
  const rows = await tx.query<Operator>(sql`
    insert into operators (kind, name, email, roles, created_at)
    values ('person', ${person.name}, ${person.email}, ${person.roles as string[]}, ${at})
    returning ${columns}
  `);
  return rows[0]!;
}

/** Operators for a list; null is every kind, state or role. */
export function operatorRows(filter: {
  kinds: readonly Operator["kind"][] | null;
  states: readonly ("active" | "ended")[] | null;
  roles: readonly string[] | null;
  /** A part of the name or the e-mail, whatever its case. */
  text: string | null;
}): ListSource<Operator, Operator, "name" | "createdAt"> {
  const rows = sql`
      from operators
     where (${filter.kinds}::text[] is null or kind = any(${filter.kinds}))
       and (${filter.states}::text[] is null
            or case when ended_at is null then 'active' else 'ended' end = any(${filter.states}))
       and (${filter.roles}::text[] is null or roles && ${filter.roles}::text[])
       and (${filter.text}::text is null
            or strpos(lower(name || ' ' || coalesce(email, '')), lower(${filter.text}::text)) > 0)
  `;
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
