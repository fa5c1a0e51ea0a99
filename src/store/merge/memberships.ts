import type { Tx } from "../database.ts";
import { rawSql, sql, type Sql } from "../sql.ts";
import { ACCOUNT_COLUMNS, mergeAccountRows, type AccountRow } from "./accounts.ts";
import { mergeHistory } from "./history.ts";
import { keepRows, type Incoming, type MergeContext, type MergeResult } from "./incoming.ts";
import { forgetSeen, noteMissing } from "./unseen.ts";

/** A member as a group showed it. One whose account is merged already may come as `scope` and `source_id` alone. */
export interface MemberRow extends AccountRow {
  /** Source id of the group. */
  scope: string;
}

const MEMBERSHIPS = { name: "memberships", identity: ["group_id", "account_id"], attributes: [] };

/** The members of each of `groupSourceIds`, whole; a group without rows is empty, and its members are noted as missing. */
export async function mergeMembers(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  groupSourceIds: readonly string[],
): Promise<MergeResult> {
  await keepRows(
    tx,
    "incoming_members",
    sql`select each.*
          from (${incoming}) incoming
         cross join lateral jsonb_to_record(incoming.data) as each(scope text, ${ACCOUNT_COLUMNS})`,
  );
  const { siteId } = context;
  const accounts = await mergeAccountRows(
    tx,
    context,
    "group-members",
    sql`select distinct on (source_id) * from incoming_members where fallback_name is not null order by source_id`,
  );
  const edges = await mergeMemberships(
    tx,
    context,
    sql`select distinct g.id as group_id, a.id as account_id
          from incoming_members i
          join groups g on g.site_id = ${siteId} and g.source_id = i.scope
          join accounts a on a.site_id = ${siteId} and a.source_id = i.source_id`,
    sql`select g.id from groups g where g.site_id = ${siteId} and g.source_id = any(${groupSourceIds})`,
  );
  return { added: accounts.added + edges.added, changed: accounts.changed + edges.changed };
}

export interface GroupOfAccountRow {
  /** Source id of the account. */
  scope: string;
  group_source_id: string;
}

/**
 * All groups of each of `accountSourceIds`; groups that the site does not list are left out. Whether a source names groups
 * that somebody is in only through one within is not known (FACTS §10), so a group that holds another one of the same
 * list makes nobody its own member who was none before: a run that lists its members tells.
 */
export async function mergeGroupsOfAccounts(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  accountSourceIds: readonly string[],
): Promise<MergeResult> {
  const { siteId } = context;
  return mergeEdges(
    tx,
    context,
    sql`with listed as materialized (
          select distinct g.id as group_id, a.id as account_id
            from (${incoming}) incoming
           cross join lateral jsonb_to_record(incoming.data) as each(scope text, group_source_id text)
            join accounts a on a.site_id = ${siteId} and a.source_id = each.scope
            join account_versions known on known.site_id = a.site_id and known.account_id = a.id and known.valid_to is null
            join groups g on g.site_id = ${siteId} and g.source_id = each.group_source_id
            join group_versions held on held.site_id = g.site_id and held.group_id = g.id and held.valid_to is null)
        select l.group_id, l.account_id
          from listed l
         where exists (select from memberships held
                        where held.site_id = ${siteId} and held.group_id = l.group_id and held.account_id = l.account_id
                          and held.valid_to is null)
            or not exists (select from listed inside
                             join group_closure within
                               on within.site_id = ${siteId} and within.group_id = l.group_id
                              and within.member_group_id = inside.group_id and within.valid_to is null
                            where inside.account_id = l.account_id
                              -- Of groups that hold each other nobody would be left in any.
                              and not exists (select from group_closure back
                                               where back.site_id = ${siteId} and back.group_id = inside.group_id
                                                 and back.member_group_id = l.group_id and back.valid_to is null))`,
    sql`held.account_id in (select a.id from accounts a
                             where a.site_id = ${siteId} and a.source_id = any(${accountSourceIds}))`,
  );
}

/** `edges` selects `group_id`, `account_id`; `groups` the ids of the groups that it covers wholly. */
export async function mergeMemberships(tx: Tx, context: MergeContext, edges: Sql, groups: Sql): Promise<MergeResult> {
  return mergeEdges(tx, context, edges, sql`held.group_id in (${groups})`);
}

/** `covered` says which of the memberships `held` the edges tell of: those that are not among them are missing. */
async function mergeEdges(tx: Tx, context: MergeContext, edges: Sql, covered: Sql): Promise<MergeResult> {
  const result = await mergeHistory(tx, context, MEMBERSHIPS, edges);
  const next = rawSql("next_of_memberships");
  await forgetSeen(
    tx,
    context,
    "memberships",
    sql`select next.group_id || '|' || next.account_id as subject from ${next} next`,
  );
  await noteMissing(
    tx,
    context,
    "memberships",
    sql`select held.group_id || '|' || held.account_id as subject, held.group_id as scope
          from memberships held
         where held.site_id = ${context.siteId} and held.valid_to is null and ${covered}
           and not exists (select from ${next} next
                            where next.group_id = held.group_id and next.account_id = held.account_id)`,
  );
  return result;
}
