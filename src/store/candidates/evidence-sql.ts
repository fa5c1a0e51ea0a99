import { rawSql, type Sql } from "../sql.ts";

/** What `seat_facts f` tells of the use of a seat, as a `CandidateEvidence`; instants in UTC to the millisecond. */
export const EVIDENCE_SQL: Sql = rawSql(`
  jsonb_build_object(
    'lastUse', jsonb_build_object(
      'viewed', ${iso("f.viewed_at")}, 'contributed', ${iso("f.contributed_at")},
      'administered', ${iso("f.administered_at")}, 'authenticated', ${iso("f.authenticated_at")}),
    'reading', ${reading("viewed")} || ${reading("authenticated")},
    'grantedAt', ${iso("f.granted_at")},
    'seatStatus', f.seat_status)`);

function reading(kind: "viewed" | "authenticated"): string {
  return `
    case when f.${kind}_known_until is null then '[]'::jsonb
         else jsonb_build_array(jsonb_build_object(
                'kind', '${kind}', 'knownSince', ${iso(`nullif(f.${kind}_known_since, '-infinity')`)},
                'knownUntil', ${iso(`f.${kind}_known_until`)})) end`;
}

function iso(instant: string): string {
  return `to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
