import type { ExclusionEffect, ExclusionRule, ExclusionState } from "../../model/exclusions.ts";
import type { Reader, Tx } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { rawSql, sql, type Sql } from "../sql.ts";

const COLUMNS = sql`
  r.id, r.name, r.condition, r.site_ids as "siteIds", r.effects, r.reason, r.built_in as "builtIn",
  r.is_enabled as "isEnabled", r.off_reason as "offReason", r.expires_at as "expiresAt", r.warned_at as "warnedAt",
  r.owner_id as "ownerId", r.revision, r.created_at as "createdAt", r.updated_at as "updatedAt",
  r.ended_at as "endedAt"`;

export interface ListedExclusionRule extends ExclusionRule {
  /** Accounts that it catches now. */
  hits: number;
  /** Of those, with a seat. */
  seats: number;
  owner: string | null;
}

const LISTED = sql`${COLUMNS}, o.name as owner, caught.hits, caught.seats`;

const FROM = rawSql(`
  exclusion_rules r
  left join operators o on o.id = r.owner_id
 cross join lateral (select count(*) as hits, count(s.seat_id) as seats
                       from exclusion_hits h
                       left join account_summaries s on s.site_id = h.site_id and s.account_id = h.account_id
                      where h.rule_id = r.id) as caught`);

export interface ExclusionFilters {
  states: readonly ExclusionState[] | null;
  effects: readonly ExclusionEffect[] | null;
  siteId: string | null;
  /** That hold at a site which it reaches. */
  connectionId?: string | null;
  /** Kinds of condition of which each has at least one. */
  about?: readonly string[] | null;
  builtIn: boolean | null;
  ownerId: string | null;
  search: string | null;
  /** That do not expire later than this. */
  expiresBefore: Date | null;
}

export type ExclusionSort = "name" | "expiresAt" | "hits" | "createdAt";

/** `exclusionState` of rules/exclusions.ts in SQL. */
function stateSql(now: Date): Sql {
  return sql`
    case when r.ended_at is not null then 'ended'
         when r.expires_at <= ${now} then 'expired'
         when r.is_enabled then 'active'
         else 'off' end`;
}

export function exclusionList(
  filters: ExclusionFilters,
  now: Date,
): ListSource<ListedExclusionRule, ListedExclusionRule, ExclusionSort> {
  const {
    states,
    effects,
    siteId,
    connectionId = null,
    about = null,
    builtIn,
    ownerId,
    search,
    expiresBefore,
  } = filters;
  const matching = sql`
        (${states}::text[] is null or ${stateSql(now)} = any (${states}::text[]))
    and (${effects}::text[] is null or r.effects && ${effects}::text[])
    and (${siteId}::text is null or r.site_ids is null or ${siteId}::text = any (r.site_ids))
    and (${connectionId}::text is null or r.site_ids is null
         or exists (select from connection_sites own
                     where own.connection_id = ${connectionId}::text and own.site_id = any (r.site_ids)))
    and (${about}::text[] is null or exists (select from jsonb_path_query(r.condition, '$.**.is') kind
                                              where kind #>> '{}' = any (${about}::text[])))
    and (${builtIn}::boolean is null or (r.built_in is not null) = ${builtIn}::boolean)
    and (${ownerId}::text is null or r.owner_id = ${ownerId}::text)
    and (${expiresBefore}::timestamptz is null or r.expires_at <= ${expiresBefore}::timestamptz)
    and (${search}::text is null or position(lower(${search}::text) in lower(r.name)) > 0)`;
  return {
    sorts: {
      name: { by: rawSql(`lower(r.name) collate "C"`), type: "text" },
      expiresAt: { by: rawSql("r.expires_at"), type: "timestamptz", isNullable: true },
      hits: { by: rawSql("caught.hits"), type: "bigint" },
      createdAt: { by: rawSql("r.created_at"), type: "timestamptz" },
    },
    tie: { by: rawSql("r.id"), type: "text" },
    select: (page) => sql`
      select ${LISTED}, ${page.keys}
        from ${FROM}
       where ${matching} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from exclusion_rules r where ${matching}`,
  };
}

export async function findExclusionRule(reader: Reader, id: string): Promise<ListedExclusionRule | null> {
  const rows = await reader.query<ListedExclusionRule>(sql`select ${LISTED} from ${FROM} where r.id = ${id}`);
  return rows[0] ?? null;
}

/** Waits for, then holds, the rule until the transaction ends. */
export async function lockExclusionRule(tx: Tx, id: string): Promise<ExclusionRule | null> {
  const rows = await tx.query<ExclusionRule>(sql`
    select ${COLUMNS}
      from exclusion_rules r
     where r.id = ${id}
       for update of r
  `);
  return rows[0] ?? null;
}

/** Every rule that has not ended, or one, held until the transaction ends, in one order, so that nobody waits in a circle. */
export async function lockLivingRules(tx: Tx, id: string | null = null): Promise<ExclusionRule[]> {
  return tx.query<ExclusionRule>(sql`
    select ${COLUMNS}
      from exclusion_rules r
     where r.ended_at is null and (${id}::text is null or r.id = ${id}::text)
     order by r.id
       for update of r
  `);
}

export type ExclusionDraft = Pick<
  ExclusionRule,
  "name" | "condition" | "siteIds" | "effects" | "reason" | "expiresAt" | "ownerId"
>;

/** Names are unique among those that have not ended; a second one violates `exclusion_rules_name`. */
export async function insertExclusionRule(tx: Tx, draft: ExclusionDraft, at: Date): Promise<string> {
  const { name, condition, siteIds, effects, reason, expiresAt, ownerId } = draft;
  const [row] = await tx.query<{ id: string }>(sql`
    insert into exclusion_rules (name, condition, site_ids, effects, reason, expires_at, owner_id, created_at, updated_at)
    values (${name}, ${JSON.stringify(condition)}, ${siteIds}, ${effects}, ${reason}, ${expiresAt}, ${ownerId}, ${at},
            ${at})
    returning id
  `);
  if (!row) throw new Error("The insert of an exclusion gave no row.");
  return row.id;
}

/** Saves what may change; the revision grows by one. */
export async function saveExclusionRule(tx: Tx, rule: ExclusionRule, at: Date): Promise<ExclusionRule> {
  await tx.execute(sql`
    update exclusion_rules
       set name = ${rule.name}, condition = ${JSON.stringify(rule.condition)}, site_ids = ${rule.siteIds},
           effects = ${rule.effects}, reason = ${rule.reason}, is_enabled = ${rule.isEnabled},
           off_reason = ${rule.offReason}, expires_at = ${rule.expiresAt}, warned_at = ${rule.warnedAt},
           owner_id = ${rule.ownerId}, ended_at = ${rule.endedAt}, revision = revision + 1, updated_at = ${at}
     where id = ${rule.id}
  `);
  return { ...rule, revision: rule.revision + 1, updatedAt: at };
}

/** That its owner was told; nothing that a person changes, so the revision stays. */
export async function saveExclusionWarned(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.execute(sql`update exclusion_rules set warned_at = ${at} where id = ${id}`);
}

/** How many of these sites there are; fewer than asked for where one does not exist. */
export async function countSites(reader: Reader, siteIds: readonly string[]): Promise<number> {
  const [row] = await reader.query<{ total: number }>(sql`
    select count(*) as total from sites where id = any (${siteIds as string[]})
  `);
  return row?.total ?? 0;
}
