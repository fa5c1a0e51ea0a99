import type { GuardedKind } from "../../model/runs.ts";
import type { Reader, Tx } from "../database.ts";
import { rawSql, sql, type Sql } from "../sql.ts";
import type { MergeContext } from "./incoming.ts";
import { isLookedAtAnew, type UnseenKind } from "./unseen.ts";

export interface Unseen {
  kind: UnseenKind;
  subject: string;
  /** Group or space (our id) whose listing it was missing from; the access of a product-access group. */
  scope: string | null;
}

/** What this run missed and nobody has looked at yet, in the order of subjects; of one scope only where it is given. */
export async function listMissing(
  reader: Reader,
  { siteId, runId }: MergeContext,
  kind: UnseenKind,
  after: string,
  scope: string | null,
  limit: number | null,
): Promise<(Unseen & MissingDetail)[]> {
  return reader.query(sql`
    select u.kind, u.subject, u.scope, coalesce(a.source_id, g.source_id, s.source_id, r.source_id) as "sourceId",
           held.key, held.name
      from unseen u
      left join accounts a on u.kind = 'accounts' and a.site_id = u.site_id and a.id = u.subject
      left join groups g
        on u.kind in ('groups', 'product-access', 'group-nestings') and g.site_id = u.site_id
       and g.id = split_part(u.subject, '|', case when u.kind = 'group-nestings' then 2 else 1 end)
      left join spaces s on u.kind = 'spaces' and s.site_id = u.site_id and s.id = u.subject
      left join space_versions held on held.site_id = s.site_id and held.space_id = s.id and held.valid_to is null
      left join space_roles r on u.kind = 'space-roles' and r.site_id = u.site_id and r.id = u.subject
     where u.site_id = ${siteId} and u.run_id = ${runId} and u.kind = ${kind} and u.verdict = 'missing'
       and u.subject > ${after} and (${scope}::text is null or u.scope = ${scope})
     order by u.subject
     limit ${limit}
  `);
}

interface MissingDetail {
  /** The source's id of a whole object, or of the group within another one; null for other edges. */
  sourceId: string | null;
  key: string | null;
  name: string | null;
}

export interface MissingScope {
  /** Our id of the group or space. */
  scope: string;
  sourceId: string;
  missing: number;
  /** What the scope holds now, the missing ones included. */
  held: number;
}

/** Groups with members that this run missed. */
export async function listScopesOfMissingMembers(
  reader: Reader,
  { siteId, runId }: MergeContext,
): Promise<MissingScope[]> {
  return reader.query<MissingScope>(sql`
    select u.scope, g.source_id as "sourceId", count(*) as missing,
           (select count(*) from memberships m where m.site_id = ${siteId} and m.group_id = u.scope and m.valid_to is null) as held
      from unseen u
      join groups g on g.site_id = u.site_id and g.id = u.scope
     where u.site_id = ${siteId} and u.run_id = ${runId} and u.kind = 'memberships' and u.verdict = 'missing'
     group by u.scope, g.source_id
     order by u.scope
  `);
}

export async function listScopesOfMissingRights(
  reader: Reader,
  { siteId, runId }: MergeContext,
  kind: "space-permissions" | "role-assignments",
): Promise<Omit<MissingScope, "held">[]> {
  return reader.query<Omit<MissingScope, "held">>(sql`
    select u.scope, s.source_id as "sourceId", count(*) as missing
      from unseen u
      join spaces s on s.site_id = u.site_id and s.id = u.scope
     where u.site_id = ${siteId} and u.run_id = ${runId} and u.kind = ${kind} and u.verdict = 'missing'
     group by u.scope, s.source_id
     order by u.scope
  `);
}

/** Groups whose groups this run missed. */
export async function listScopesOfMissingNestings(
  reader: Reader,
  { siteId, runId }: MergeContext,
): Promise<Omit<MissingScope, "held">[]> {
  return reader.query<Omit<MissingScope, "held">>(sql`
    select u.scope, g.source_id as "sourceId", count(*) as missing
      from unseen u
      join groups g on g.site_id = u.site_id and g.id = u.scope
     where u.site_id = ${siteId} and u.run_id = ${runId} and u.kind = 'group-nestings' and u.verdict = 'missing'
     group by u.scope, g.source_id
     order by u.scope
  `);
}

/** The accounts (by source id) whose membership of one group was missed. */
export async function listMissingMembers(
  reader: Reader,
  { siteId, runId }: MergeContext,
  groupId: string,
): Promise<{ subject: string; sourceId: string }[]> {
  return reader.query(sql`
    select u.subject, a.source_id as "sourceId"
      from unseen u
      join accounts a on a.site_id = u.site_id and a.id = split_part(u.subject, '|', 2)
     where u.site_id = ${siteId} and u.run_id = ${runId} and u.kind = 'memberships' and u.verdict = 'missing'
       and u.scope = ${groupId}
     order by u.subject
  `);
}

/** What hangs on a whole object, and where its id stands in the subject or scope of what hangs on it. */
const DEPENDENTS: readonly (readonly [dependent: UnseenKind, parent: UnseenKind, parentId: string])[] = [
  ["memberships", "groups", "u.scope"],
  ["memberships", "accounts", "split_part(u.subject, '|', 2)"],
  ["group-nestings", "groups", "u.scope"],
  ["group-nestings", "groups", "split_part(u.subject, '|', 2)"],
  ["space-permissions", "spaces", "u.scope"],
  ["role-assignments", "spaces", "u.scope"],
];

/**
 * Forgets memberships and rights that go with what they hang on: they are closed with it, or stay with it. A statement
 * for each pair, so that each is joined by hash: as one with "or" it would compare every loss with every other.
 */
export async function forgetDependents(tx: Tx, { siteId, runId }: MergeContext): Promise<void> {
  for (const [dependent, parent, parentId] of DEPENDENTS) {
    await tx.execute(sql`
      delete from unseen u
       where u.site_id = ${siteId} and u.run_id = ${runId} and u.kind = ${dependent}
         and ${rawSql(parentId)} in (select subject
                                      from unseen
                                     where site_id = ${siteId} and run_id = ${runId} and kind = ${parent}
                                       and verdict in ('gone', 'not-visible'))
    `);
  }
}

export async function judgeUnseen(
  tx: Tx,
  { siteId, runId }: MergeContext,
  kind: UnseenKind,
  subjects: readonly string[],
  verdict: "gone" | "not-visible" | "seen",
  reason: string,
): Promise<void> {
  if (subjects.length === 0) return;
  const which = sql`site_id = ${siteId} and run_id = ${runId} and kind = ${kind} and subject = any(${subjects})`;
  if (verdict === "seen") await tx.execute(sql`delete from unseen where ${which}`);
  else await tx.execute(sql`update unseen set verdict = ${verdict}, reason = ${reason} where ${which}`);
}

/** Notes an object that vanished while the run read it, for the second look. */
export async function noteVanished(
  tx: Tx,
  context: MergeContext,
  kind: "groups" | "spaces" | "accounts",
  sourceId: string,
): Promise<void> {
  const { siteId, runId, observedAt } = context;
  const noun = kind.slice(0, -1);
  const versions = rawSql(`${noun}_versions`);
  const id = rawSql(`${noun}_id`);
  await tx.execute(sql`
    insert into unseen as known (site_id, kind, subject, run_id, verdict, first_unseen_at)
    select o.site_id, ${kind}, o.id, ${runId}, 'missing', ${observedAt}
      from ${rawSql(kind)} o
      join ${versions} held on held.site_id = o.site_id and held.${id} = o.id and held.valid_to is null
     where o.site_id = ${siteId} and o.source_id = ${sourceId}
        on conflict (site_id, kind, subject) do update
       set run_id = excluded.run_id, verdict = 'missing', reason = null
     where ${isLookedAtAnew(context)}
  `);
}

interface Closing {
  kind: UnseenKind;
  table: string;
  /** True for the rows of `held` that are gone by what stands in `gone (kind, subject)`. */
  isGone: Sql;
}

const CLOSINGS: readonly Closing[] = [
  closing(
    "memberships",
    "memberships",
    `held.group_id || '|' || held.account_id in (select subject from gone where kind = 'memberships')
     or held.group_id in (select subject from gone where kind = 'groups')
     or held.account_id in (select subject from gone where kind = 'accounts')`,
  ),
  closing(
    "group-nestings",
    "group_nestings",
    `held.group_id || '|' || held.member_group_id in (select subject from gone where kind = 'group-nestings')
     or held.group_id in (select subject from gone where kind = 'groups')
     or held.member_group_id in (select subject from gone where kind = 'groups')`,
  ),
  closing(
    "product-access",
    "product_access",
    `held.group_id || '|' || held.access in (select subject from gone where kind = 'product-access')
     or held.group_id in (select subject from gone where kind = 'groups')`,
  ),
  closing("groups", "group_versions", "held.group_id in (select subject from gone where kind = 'groups')"),
  closing("accounts", "account_versions", "held.account_id in (select subject from gone where kind = 'accounts')"),
  closing("space-permissions", "space_permissions", goneRights("space-permissions")),
  closing("role-assignments", "role_assignments", goneRights("role-assignments")),
  closing(
    "space-roles",
    "space_role_versions",
    "held.role_id in (select subject from gone where kind = 'space-roles')",
  ),
  closing("spaces", "space_versions", "held.space_id in (select subject from gone where kind = 'spaces')"),
];

const GUARDED: readonly GuardedKind[] = [
  "accounts",
  "groups",
  "memberships",
  "group-nestings",
  "product-access",
  "spaces",
  "space-permissions",
  "role-assignments",
];

/** For each guarded kind, what holds now and what of it would be closed, with everything that hangs on what is gone. */
export async function countDifferences(
  reader: Reader,
  { siteId, runId }: MergeContext,
): Promise<{ kind: GuardedKind; known: number; gone: number }[]> {
  const differences: { kind: GuardedKind; known: number; gone: number }[] = [];
  for (const { kind, table, isGone } of CLOSINGS) {
    const guarded = GUARDED.find((each) => each === kind);
    if (!guarded) continue;
    const [row] = await reader.query<{ known: number; gone: number }>(sql`
      with gone as materialized (
        select kind, subject from unseen where site_id = ${siteId} and run_id = ${runId} and verdict = 'gone'
      )
      select count(*) as known, count(*) filter (where ${isGone}) as gone
        from ${rawSql(table)} held
       where held.site_id = ${siteId} and held.valid_to is null
    `);
    differences.push({ kind: guarded, known: row?.known ?? 0, gone: row?.gone ?? 0 });
  }
  return differences;
}

export const CLOSED_KINDS: readonly UnseenKind[] = CLOSINGS.map((each) => each.kind);

/**
 * Closes at most `limit` rows (null: all) of one kind that are gone, by what `released` kinds say; gives how many. Called again
 * until it gives none, each time in a transaction of its own. What a later run opened was seen since, and stays.
 */
export async function closeGone(
  tx: Tx,
  { siteId, runId, observedAt }: MergeContext,
  kind: UnseenKind,
  released: readonly UnseenKind[],
  limit: number | null,
): Promise<number> {
  const found = CLOSINGS.find((each) => each.kind === kind);
  if (!found) throw new Error(`Nothing closes ${kind}.`);
  const table = rawSql(found.table);
  return tx.execute(sql`
    with gone as materialized (
      select kind, subject
        from unseen
       where site_id = ${siteId} and run_id = ${runId} and verdict = 'gone' and kind = any(${released})
    )
    update ${table} set valid_to = ${observedAt}
     where ctid = any(array(
             select held.ctid
               from ${table} held
              where held.site_id = ${siteId} and held.valid_to is null and held.valid_from <= ${observedAt}
                and (${found.isGone})
              limit ${limit}))
  `);
}

/** Once everything of the released kinds is closed, nothing of them waits any more. */
export async function forgetClosed(
  tx: Tx,
  { siteId, runId }: MergeContext,
  released: readonly UnseenKind[],
): Promise<void> {
  await tx.execute(sql`
    delete from unseen
     where site_id = ${siteId} and run_id = ${runId} and verdict = 'gone' and kind = any(${released})
  `);
}

export async function countNotVisible(
  reader: Reader,
  { siteId, runId }: MergeContext,
): Promise<{ kind: string; count: number }[]> {
  return reader.query(sql`
    select kind, count(*) as count
      from unseen
     where site_id = ${siteId} and run_id = ${runId} and verdict = 'not-visible'
     group by kind
     order by kind
  `);
}

function goneRights(kind: "space-permissions" | "role-assignments"): string {
  return `held.space_id || '|' || held.principal_type || '|' || held.principal_id
            in (select subject from gone where kind = '${kind}')
          or held.space_id in (select subject from gone where kind = 'spaces')`;
}

function closing(kind: UnseenKind, table: string, isGone: string): Closing {
  return { kind, table, isGone: rawSql(isGone) };
}
