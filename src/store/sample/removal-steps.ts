import { SAMPLE_EMAIL_DOMAIN } from "../../model/sample-company.ts";
import { rawSql, type Sql } from "../sql.ts";

/** Rows of one table that are the sample company's. */
export interface RemovalStep {
  table: string;
  /** Alias `t`. */
  where: Sql;
  /** In one statement although it may be many: rows refer to rows of the same table. Such tables are small. */
  isWhole?: true;
}

const SITES = `(select id from sites where is_sample)`;
const CONNECTIONS = `(select id from connections where is_sample)`;
const RUNS = `(select r.id from runs r where r.site_id in ${SITES} or r.connection_id in ${CONNECTIONS})`;
const CANDIDATES = `(select c.id from candidates c where c.site_id in ${SITES})`;
/** What names sites and none but the sample's. */
const onlySample = (ids: string) => `cardinality(${ids}) > 0 and ${ids} <@ array${SITES}`;
const PLANS = `(select p.id from plans p where ${onlySample("p.site_ids")})`;
const JOBS = `(select j.id from jobs j where j.site_id in ${SITES} or j.connection_id in ${CONNECTIONS})`;
const LICENSES = `(select l.license_id from license_sites l group by l.license_id having bool_and(l.site_id in ${SITES}))`;
const IMPORTS = `(select i.id from imports i
                   where i.file_name = 'people@${SAMPLE_EMAIL_DOMAIN}.csv' or i.options ->> 'siteId' in ${SITES})`;
const PEOPLE = `(select person_id from sample_people)`;
const RULES = `(select e.id from exclusion_rules e where ${onlySample("e.site_ids")})`;

const ofSite = (table: string): RemovalStep => ({ table, where: rawSql(`t.site_id in ${SITES}`) });
const where = (table: string, condition: string): RemovalStep => ({ table, where: rawSql(condition) });
const whole = (table: string, condition: string): RemovalStep => ({ ...where(table, condition), isWhole: true });

/** Everything that the subject of a message or of a journal entry may be. */
const SUBJECTS = `(
  select id from sites where is_sample
   union all select id from connections where is_sample
   union all select id from runs where site_id in ${SITES}
   union all select id from accounts where site_id in ${SITES}
   union all select id from seats where site_id in ${SITES}
   union all select id from groups where site_id in ${SITES}
   union all select id from spaces where site_id in ${SITES}
   union all select id from candidates where site_id in ${SITES}
   union all select id from actions where site_id in ${SITES}
   union all select id from credentials where connection_id in ${CONNECTIONS}
   union all select id from consent_links where connection_id in ${CONNECTIONS}
   union all select id from connection_revisions where connection_id in ${CONNECTIONS}
   union all select id from write_proofs where connection_id in ${CONNECTIONS}
   union all select id from capacity_alerts where site_id in ${SITES}
   union all select id from reclamation_rules where made_for in ${CONNECTIONS} or ${onlySample("site_ids")}
   union all ${PLANS} union all ${JOBS} union all ${LICENSES} union all ${IMPORTS} union all ${RULES} union all ${PEOPLE})`;

/** Words of one of the sample's sites or connections anywhere in what is told. */
const tellsOfSample = (data: string) => `exists (
  select from (select id from sites where is_sample union all select id from connections where is_sample) own
   where strpos(${data}::text, own.id) > 0)`;

/**
 * What was told of the sample, and the readable side of the journal's entries about it. First of all, for they are found
 * by the ids of what goes afterwards.
 */
export const TOLD: readonly RemovalStep[] = [
  where(
    "journal_personal",
    `t.seq in (select e.seq from journal_entries e where e.subject_id in ${SUBJECTS} or ${tellsOfSample("e.detail")})`,
  ),
  where("digest_items", `t.subject_id in ${SUBJECTS} or ${tellsOfSample("t.data")}`),
  where(
    "message_attempts",
    `t.message_id in (select m.id from messages m where m.subject_id in ${SUBJECTS} or ${tellsOfSample("m.data")})`,
  ),
  where("messages", `t.subject_id in ${SUBJECTS} or ${tellsOfSample("t.data")}`),
];

/** Children before what they refer to. */
export const OWN: readonly RemovalStep[] = [
  // Money and numbers.
  ofSite("license_savings"),
  ofSite("position_seats"),
  where("position_lines", `t.snapshot_id in (select id from position_snapshots where is_sample)`),
  where("position_snapshots", `t.is_sample`),
  where("license_documents", `t.license_id in ${LICENSES}`),
  where("license_versions", `t.license_id in ${LICENSES}`),
  ofSite("capacity_alerts"),

  // Decisions and what was done.
  where("candidate_steps", `t.candidate_id in ${CANDIDATES}`),
  ofSite("plan_rows"),
  ofSite("actions"),
  ofSite("candidates"),
  where("plan_approvals", `t.plan_id in ${PLANS}`),
  whole("plans", `t.id in ${PLANS}`),
  where("exclusion_hits", `t.site_id in ${SITES} or t.rule_id in ${RULES}`),
  where("exclusion_rules", `t.id in ${RULES}`),
  where("reclamation_rules", onlySample("t.site_ids")),

  // Runs and jobs.
  where("job_result_events", `t.result_id in (select r.id from job_results r where ${ofRunOrJob("r")})`),
  where("job_results", ofRunOrJob("t")),
  where("jobs", `t.id in ${JOBS}`),
  ofSite("unseen"),
  where("staged_rows", `t.run_id in ${RUNS}`),
  where("listings", `t.run_id in ${RUNS}`),
  where("run_events", `t.run_id in ${RUNS}`),
  where("run_readers", `t.run_id in ${RUNS} or t.connection_id in ${CONNECTIONS}`),
  where("leases", `exists (select from runs r where r.id in ${RUNS} and strpos(t.name, r.id) > 0)`),
  where("runs", `t.id in ${RUNS}`),

  // Facts.
  ...["seat_facts", "account_summaries", "account_matches", "account_attributes", "account_versions"].map(ofSite),
  ...["activity_event_subjects", "activity_events", "evidence", "evidence_windows"].map(ofSite),
  ...["memberships", "group_closure", "group_nestings", "product_access"].map(ofSite),
  ...["product_access_decision_versions", "product_access_decisions", "group_versions"].map(ofSite),
  ...["role_assignments", "space_permissions", "space_role_versions", "space_versions"].map(ofSite),
  ...["seats", "spaces", "space_roles", "groups", "accounts"].map(ofSite),

  // People of nobody else.
  where("import_rows", `t.import_id in ${IMPORTS}`),
  whole("imports", `t.id in ${IMPORTS}`),
  where("person_summaries", `t.person_id in ${PEOPLE}`),
  where("person_versions", `t.person_id in ${PEOPLE}`),
  where("person_identifiers", `t.person_id in ${PEOPLE}`),

  // How it was connected.
  where("write_proofs", `t.connection_id in ${CONNECTIONS} or t.site_id in ${SITES}`),
  where("oauth_attempts", `t.connection_id in ${CONNECTIONS}`),
  where("consent_links", `t.connection_id in ${CONNECTIONS}`),
  whole("credentials", `t.connection_id in ${CONNECTIONS}`),
  where("connection_revisions", `t.connection_id in ${CONNECTIONS}`),
  where("wanted_sites", `t.connection_id in ${CONNECTIONS}`),
  where("connection_owners", `t.connection_id in ${CONNECTIONS}`),
  where("site_capabilities", `t.connection_id in ${CONNECTIONS} or t.site_id in ${SITES}`),
  where("connection_sites", `t.connection_id in ${CONNECTIONS} or t.site_id in ${SITES}`),
  ...["site_edition_versions", "site_executors", "site_freshness", "site_known_since", "site_licenses"].map(ofSite),
  ofSite("site_summaries"),
];

function ofRunOrJob(result: string): string {
  return `(${result}.run_id in ${RUNS} or ${result}.job_id in ${JOBS})`;
}

/** Last, each alone: what all the others were found by. */
export const ROOTS: readonly RemovalStep[] = [where("sites", `t.is_sample`), where("connections", `t.is_sample`)];

/** Of which rows go, and only by the statements of ./remove-sample.ts. */
export const BY_STATEMENT = [
  "edition_identifiers",
  "license_sites",
  "licenses",
  "people",
  "sample_company",
  "sample_people",
] as const;

/**
 * Tables without rows of the sample: settings of the installation, who works with it, what its processes share. The
 * entries of the journal stay, as they are what it is kept for; they hold ids and no names.
 */
export const NEVER_SAMPLE = [
  "api_tokens",
  "editions",
  "installation_settings",
  "journal_checkpoints",
  "journal_entries",
  "journal_head",
  "match_rules",
  "notification_settings",
  "operator_passwords",
  "operators",
  "processes",
  "quota_slots",
  "quotas",
  "sessions",
  "sign_in_links",
  "sign_in_settings",
  "sign_in_waits",
  "sso_identities",
  "views",
  "webhooks",
] as const;

export const LICENSES_OF_SAMPLE = rawSql(LICENSES);
export const SITES_OF_SAMPLE = rawSql(SITES);
export const CONNECTIONS_OF_SAMPLE = rawSql(CONNECTIONS);
export const IMPORTS_OF_SAMPLE = rawSql(IMPORTS);
