import type { Reader, Tx } from "./database.ts";
import type { ListSource } from "./paging.ts";
import { sql } from "./sql.ts";

export interface ViewRow {
  id: string;
  page: string;
  name: string;
  /** The page's address after the question mark. */
  state: string;
  visibility: "private" | "shared";
  /** The role whose people see it first; of a shared one only. */
  defaultRole: string | null;
  ownerId: string;
  owner: string;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export type ViewFields = Pick<ViewRow, "page" | "name" | "state" | "visibility" | "defaultRole">;

const COLUMNS = sql`
  v.id, v.page, v.name, v.state, v.visibility, v.default_role as "defaultRole", v.owner_id as "ownerId",
  o.name as owner, v.revision, v.created_at as "createdAt", v.updated_at as "updatedAt"`;

/** Null also where it is somebody else's and private: nobody is told that it is there. */
export async function findView(reader: Reader, id: string, operatorId: string): Promise<ViewRow | null> {
  const rows = await reader.query<ViewRow>(sql`
    select ${COLUMNS}
      from views v
      join operators o on o.id = v.owner_id
     where v.id = ${id} and (v.visibility = 'shared' or v.owner_id = ${operatorId})
  `);
  return rows[0] ?? null;
}

/** As `findView`, with the row held until the transaction ends. */
export async function lockView(tx: Tx, id: string, operatorId: string): Promise<ViewRow | null> {
  await tx.query(sql`select id from views where id = ${id} for update`);
  return findView(tx, id, operatorId);
}

export async function insertView(tx: Tx, view: ViewFields & { ownerId: string; at: Date }): Promise<string> {
  const { page, name, state, visibility, defaultRole, ownerId, at } = view;
  const [row] = await tx.query<{ id: string }>(sql`
    insert into views (page, name, state, visibility, default_role, owner_id, created_at, updated_at)
    values (${page}, ${name}, ${state}, ${visibility}, ${defaultRole}, ${ownerId}, ${at}, ${at})
    returning id
  `);
  return row!.id;
}

export async function saveView(tx: Tx, id: string, view: Omit<ViewFields, "page">, at: Date): Promise<void> {
  const { name, state, visibility, defaultRole } = view;
  await tx.execute(sql`
    update views
       set name = ${name}, state = ${state}, visibility = ${visibility}, default_role = ${defaultRole},
           revision = revision + 1, updated_at = ${at}
     where id = ${id}
  `);
}

export async function deleteViewRow(tx: Tx, id: string): Promise<void> {
  await tx.execute(sql`delete from views where id = ${id}`);
}

/** How many views an operator has. */
export async function countViewsOf(reader: Reader, operatorId: string): Promise<number> {
  const [row] = await reader.query<{ views: number }>(sql`
    select count(*) as views from views where owner_id = ${operatorId}
  `);
  return row?.views ?? 0;
}

/** An operator's own views and everybody's shared ones. */
export function viewList(
  operatorId: string,
  filters: { page: string | null; visibility: ViewRow["visibility"] | null },
): ListSource<ViewRow, ViewRow, "name" | "createdAt"> {
  const rows = sql`
      from views v
      join operators o on o.id = v.owner_id
     where (v.visibility = 'shared' or v.owner_id = ${operatorId})
       and (${filters.page}::text is null or v.page = ${filters.page})
       and (${filters.visibility}::text is null or v.visibility = ${filters.visibility})
  `;
  return {
    sorts: {
      name: { by: sql`lower(v.name) collate "C"`, type: "text" },
      createdAt: { by: sql`v.created_at`, type: "timestamptz" },
    },
    tie: { by: sql`v.id`, type: "text" },
    select: (page) => sql`select ${COLUMNS}, ${page.keys} ${rows} and ${page.after} ${page.order}`,
    count: sql`select count(*) as total ${rows}`,
  };
}
