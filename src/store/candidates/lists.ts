import type { Candidate } from "../../model/candidates.ts";
import type { CandidateState } from "../../model/reclamation.ts";
import type { Reader } from "../database.ts";
import type { ListSource } from "../paging.ts";
import { searches } from "../people.ts";
import { joinSql, rawSql, sql, type Sql } from "../sql.ts";
import { CANDIDATE_COLUMNS } from "./candidates.ts";

export interface CandidateRow extends Candidate {
  candidateId: string;
  site: string;
  name: string;
  email: string | null;
  rule: string | null;
}

export interface CandidateFilters {
  states: readonly CandidateState[] | null;
  isOpen: boolean | null;
  ruleId: string | null;
  siteId: string | null;
  personId: string | null;
  /** A person's id or an address. */
  decider: string | null;
  lacksEvidence: boolean | null;
  search: string | null;
}

export type CandidateSort = "detectedAt" | "stateSince" | "dueAt" | "scheduledFor" | "lastUsedAt" | "name";

const COLUMNS = sql`
  c.id as "candidateId", ${CANDIDATE_COLUMNS}, site.name as site, r.name as rule,
  coalesce(p.display_name, s.display_name, a.source_id) as name, coalesce(s.email, p.email) as email`;

const ROWS = rawSql(`
  candidates c
  join accounts a on a.site_id = c.site_id and a.id = c.account_id
  join sites site on site.id = c.site_id
  left join reclamation_rules r on r.id = c.rule_id
  left join account_summaries s on s.site_id = c.site_id and s.account_id = c.account_id
  left join person_summaries p on p.person_id = a.person_id`);

export function candidateList(filters: CandidateFilters): ListSource<CandidateRow, CandidateRow, CandidateSort> {
  const conditions = joinSql(conditionsOf(filters), " and ");
  return {
    sorts: {
      detectedAt: { by: sql`c.detected_at`, type: "timestamptz" },
      stateSince: { by: sql`c.state_since`, type: "timestamptz" },
      dueAt: { by: sql`c.due_at`, type: "timestamptz", isNullable: true },
      scheduledFor: { by: sql`c.scheduled_for`, type: "timestamptz", isNullable: true },
      lastUsedAt: { by: sql`c.last_used_at`, type: "timestamptz", isNullable: true },
      name: { by: sql`coalesce(p.sort_key, s.sort_key)`, type: "text", isNullable: true },
    },
    tie: { by: sql`c.id`, type: "text" },
    select: (page) => sql`
      select ${COLUMNS}, ${page.keys}
        from ${ROWS}
       where ${conditions} and ${page.after}
       ${page.order}`,
    count: sql`select count(*) as total from ${ROWS} where ${conditions}`,
  };
}

function conditionsOf(filters: CandidateFilters): Sql[] {
  const { states, isOpen, ruleId, siteId, personId, decider, lacksEvidence, search } = filters;
  const conditions = [sql`true`];
  if (states) conditions.push(sql`c.state = any (${states as string[]})`);
  if (isOpen !== null) conditions.push(isOpen ? sql`c.closed_at is null` : sql`c.closed_at is not null`);
  if (ruleId) conditions.push(sql`c.rule_id = ${ruleId}`);
  if (siteId) conditions.push(sql`c.site_id = ${siteId}`);
  if (personId) conditions.push(sql`a.person_id = ${personId}`);
  if (decider) conditions.push(sql`(c.decider_person = ${decider} or lower(c.decider_email) = lower(${decider}))`);
  if (lacksEvidence !== null) conditions.push(sql`c.lacks_evidence = ${lacksEvidence}`);
  if (search) conditions.push(searches(sql`coalesce(s.search_text, p.search_text)`, search));
  return conditions;
}

export async function findCandidateRow(reader: Reader, id: string): Promise<CandidateRow | null> {
  const [row] = await reader.query<CandidateRow>(sql`select ${COLUMNS} from ${ROWS} where c.id = ${id}`);
  return row ?? null;
}

export interface CandidateStep {
  seq: number;
  at: Date;
  from: CandidateState | null;
  to: CandidateState;
  actorId: string;
  reason: string | null;
  evidence: Record<string, unknown>;
  detail: Record<string, unknown>;
}

/** A candidate that is asked again and again has many steps; more than these nobody reads at once. */
const STEPS_MAX = 500;

/** Every step of a candidate, the first one first. */
export async function listCandidateSteps(reader: Reader, candidateId: string): Promise<CandidateStep[]> {
  return reader.query<CandidateStep>(sql`
    select seq, at, from_state as "from", to_state as "to", actor_id as "actorId", reason, evidence, detail
      from candidate_steps
     where candidate_id = ${candidateId}
     order by seq
     limit ${STEPS_MAX}
  `);
}
