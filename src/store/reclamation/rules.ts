import type { ReclamationRule, ReclamationRuleStatus } from "../../model/reclamation.ts";
import type { Reader, Tx } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { rawSql, sql } from "../sql.ts";

const COLUMNS = rawSql(`
  r.id, r.name, r.status, r.site_ids as "siteIds", r.condition, r.settings, r.paused, r.owner_id as "ownerId",
  r.made_for as "madeFor", r.revision, r.created_at as "createdAt", r.updated_at as "updatedAt"`);

/** What became of the seats that a rule found. */
export interface RuleRecord {
  openCandidates: number;
  /** Seats it took, whether or not they were given back. */
  reclaimed: number;
  /** Of those, given back within the restore window: it should not have taken them. */
  restored: number;
}

export type ListedReclamationRule = ReclamationRule & RuleRecord;

const RECORD = rawSql(`
  (select count(*) from candidates c where c.rule_id = r.id and c.closed_at is null)::integer as "openCandidates",
  (select count(*) from candidates c where c.rule_id = r.id and c.state in ('reclaimed', 'restored'))::integer
    as reclaimed,
  (select count(*) from candidates c where c.rule_id = r.id and c.state = 'restored')::integer as restored`);

/** Every rule that was not deleted, by name; there are a few dozen. */
export async function listReclamationRules(
  reader: Reader,
  statuses: readonly ReclamationRuleStatus[] | null = null,
): Promise<ReclamationRule[]> {
  return reader.query<ReclamationRule>(sql`
    select ${COLUMNS}
      from reclamation_rules r
     where r.ended_at is null
       and (${statuses}::text[] is null or r.status = any (${statuses}::text[]))
     order by lower(r.name), r.id
  `);
}

export async function findReclamationRule(reader: Reader, id: string): Promise<ListedReclamationRule | null> {
  const rows = await reader.query<ListedReclamationRule>(sql`
    select ${COLUMNS}, ${RECORD}
      from reclamation_rules r
     where r.id = ${id} and r.ended_at is null
  `);
  return rows[0] ?? null;
}

/** Waits for, then holds, the rule until the transaction ends. Null also where it was deleted. */
export async function lockReclamationRule(tx: Tx, id: string): Promise<ReclamationRule | null> {
  const rows = await tx.query<ReclamationRule>(sql`
    select ${COLUMNS}
      from reclamation_rules r
     where r.id = ${id} and r.ended_at is null
       for update of r
  `);
  return rows[0] ?? null;
}

export type ReclamationRuleDraft = Omit<ReclamationRule, "id" | "paused" | "revision" | "createdAt" | "updatedAt">;

/** Names are unique among the living, whatever their case; a second one violates `reclamation_rules_name`. */
export async function insertReclamationRule(tx: Tx, draft: ReclamationRuleDraft, at: Date): Promise<string> {
  const [row] = await tx.query<{ id: string }>(sql`
    insert into reclamation_rules (name, status, site_ids, condition, settings, owner_id, made_for, created_at, updated_at)
    values (${draft.name}, ${draft.status}, ${draft.siteIds}, ${JSON.stringify(draft.condition)},
            ${JSON.stringify(draft.settings)}, ${draft.ownerId}, ${draft.madeFor}, ${at}, ${at})
    returning id
  `);
  if (!row) throw new Error("The insert of a reclamation rule gave no row.");
  return row.id;
}

/** Saves what may change; the revision grows by one. */
export async function saveReclamationRule(tx: Tx, rule: ReclamationRule, at: Date): Promise<ReclamationRule> {
  await tx.execute(sql`
    update reclamation_rules
       set name = ${rule.name}, status = ${rule.status}, site_ids = ${rule.siteIds},
           condition = ${JSON.stringify(rule.condition)}, settings = ${JSON.stringify(rule.settings)},
           paused = ${rule.paused === null ? null : JSON.stringify(rule.paused)}, owner_id = ${rule.ownerId},
           revision = revision + 1, updated_at = ${at}
     where id = ${rule.id}
  `);
  return { ...rule, revision: rule.revision + 1, updatedAt: at };
}

/** Its candidates and plans stay, and go on naming it. */
export async function endReclamationRule(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.execute(sql`
    update reclamation_rules set ended_at = ${at}, updated_at = ${at} where id = ${id}
  `);
}

/** Whether a rule was ever made for a connection, also one that was deleted since. */
export async function hadRuleMadeFor(tx: Tx, connectionId: string): Promise<boolean> {
  const rows = await tx.query(sql`select id from reclamation_rules where made_for = ${connectionId} limit 1`);
  return rows.length > 0;
}

/** Names in use that begin so, in lower case. */
export async function listRuleNames(tx: Tx, prefix: string): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(sql`
    select lower(name) as name from reclamation_rules
     where ended_at is null and starts_with(lower(name), lower(${prefix}::text))
  `);
  return rows.map(({ name }) => name);
}

export type ReclamationRuleSort = "name" | "createdAt" | "updatedAt";

export interface ReclamationRuleFilters {
  statuses: readonly ReclamationRuleStatus[] | null;
  /** Rules that look at this site. */
  siteId: string | null;
  /** Rules that look at a site which it reaches. */
  connectionId?: string | null;
  /** A part of the name, whatever its case. */
  text: string | null;
}

export function reclamationRuleList(
  filters: ReclamationRuleFilters,
): ListSource<ListedReclamationRule, ListedReclamationRule, ReclamationRuleSort> {
  const matching = sql`
         r.ended_at is null
     and (${filters.statuses}::text[] is null or r.status = any (${filters.statuses}::text[]))
     and (${filters.siteId}::text is null or r.site_ids is null or ${filters.siteId}::text = any (r.site_ids))
     and (${filters.connectionId ?? null}::text is null or r.site_ids is null
          or exists (select from connection_sites own
                      where own.connection_id = ${filters.connectionId ?? null}::text and own.site_id = any (r.site_ids)))
     and (${filters.text}::text is null or strpos(lower(r.name), lower(${filters.text}::text)) > 0)`;
  return {
    sorts: {
      name: { by: rawSql(`lower(r.name) collate "C"`), type: "text" },
      createdAt: { by: rawSql("r.created_at"), type: "timestamptz" },
      updatedAt: { by: rawSql("r.updated_at"), type: "timestamptz" },
    },
    tie: { by: rawSql("r.id"), type: "text" },
    select: (page) => sql`
      select ${COLUMNS}, ${RECORD}, ${page.keys}
        from reclamation_rules r
       where ${matching}
         and ${page.after}
       ${page.order}
    `,
    count: sql`select count(*) as total from reclamation_rules r where ${matching}`,
  };
}
