import type { CandidateEvidence } from "../../model/candidates.ts";
import type { Reader } from "../database.ts";
import { isExcludedSql } from "../exclusions/hits.ts";
import { sql } from "../sql.ts";
import { EVIDENCE_SQL } from "./evidence-sql.ts";

/** Whom a candidate concerns, as they are known now. */
export interface CandidateParties {
  site: string;
  accountSourceId: string;
  personId: string;
  name: string;
  /** Null: hidden, so that nobody can be asked by mail. */
  email: string | null;
  /** An exclusion says that they are told nothing. */
  isNotToldAnything: boolean;
  /** Null: nobody is known, or the one who is known is the holder, left, or has no e-mail. */
  manager: { personId: string; name: string; email: string } | null;
  evidence: CandidateEvidence | null;
}

/** The holder, the manager and what is known of the use of the seat; null where the candidate is not there. */
export async function findCandidateParties(
  reader: Reader,
  candidateId: string,
  at: Date,
): Promise<CandidateParties | null> {
  const [row] = await reader.query<
    CandidateParties & { managerId: string | null; managerName: string; managerEmail: string }
  >(sql`
    select site.name as site, a.source_id as "accountSourceId", a.person_id as "personId",
           coalesce(p.display_name, s.display_name, a.source_id) as name, coalesce(s.email, p.email) as email,
           ${isExcludedSql(sql`c`, "no-notify", at)} as "isNotToldAnything",
           m.person_id as "managerId", m.display_name as "managerName", m.email as "managerEmail",
           case when f.account_id is not null then ${EVIDENCE_SQL} end as evidence
      from candidates c
      join sites site on site.id = c.site_id
      join accounts a on a.site_id = c.site_id and a.id = c.account_id
      left join account_summaries s on s.site_id = c.site_id and s.account_id = c.account_id
      left join person_summaries p on p.person_id = a.person_id
      left join person_summaries m
        on m.person_id = p.manager_id and m.person_id <> p.person_id and m.email is not null
       and coalesce(m.person_status, 'active') = 'active'
      left join seat_facts f on f.site_id = c.site_id and f.account_id = c.account_id
     where c.id = ${candidateId}
  `);
  if (!row) return null;
  const { managerId, managerName, managerEmail, ...parties } = row;
  return { ...parties, manager: managerId ? { personId: managerId, name: managerName, email: managerEmail } : null };
}

/** Who is behind an e-mail address, where one person is. */
export async function findPersonByEmail(reader: Reader, email: string): Promise<string | null> {
  const rows = await reader.query<{ personId: string }>(sql`
    select person_id as "personId" from person_summaries where lower(email) = lower(${email}) limit 2
  `);
  return rows.length === 1 ? (rows[0]?.personId ?? null) : null;
}

/** Whether an exclusion says that the seat of this candidate is left to its holder. */
export async function isExcludedFromReclaim(reader: Reader, candidateId: string, at: Date): Promise<boolean> {
  const [row] = await reader.query<{ isExcluded: boolean }>(sql`
    select ${isExcludedSql(sql`c`, "no-reclaim", at)} as "isExcluded" from candidates c where c.id = ${candidateId}
  `);
  return row?.isExcluded ?? false;
}
