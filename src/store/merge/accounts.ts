import type { FieldOrigin } from "../../model/facts.ts";
import type { Tx } from "../database.ts";
import { joinSql, rawSql, sql, type Sql } from "../sql.ts";
import { analyzeGrown, mergeHistory } from "./history.ts";
import { keepRows, type Incoming, type MergeContext, type MergeResult } from "./incoming.ts";
import { forgetSeen, noteMissing } from "./unseen.ts";

/** One account as a listing showed it. What the listing does not tell is left out. */
export interface AccountRow {
  source_id: string;
  account_type?: string | undefined;
  status?: string | undefined;
  is_guest?: boolean | undefined;
  is_suspended?: boolean | undefined;
  is_managed?: boolean | undefined;
  has_access?: boolean | undefined;
  display_name?: string | undefined;
  public_name?: string | undefined;
  /** Parts split from the display name; they follow it. */
  given_name?: string | undefined;
  middle_name?: string | undefined;
  family_name?: string | undefined;
  email?: string | undefined;
  department?: string | undefined;
  job_title?: string | undefined;
  location?: string | undefined;
  time_zone?: string | undefined;
  added_at?: string | undefined;
  /** What to call it while no source gives a display name. */
  fallback_name: string;
  sort_key: string;
}

/** The columns of `AccountRow`, for `jsonb_to_record`. */
export const ACCOUNT_COLUMNS = rawSql(`
  source_id text, account_type text, status text, is_guest boolean, is_suspended boolean, is_managed boolean,
  has_access boolean, display_name text, public_name text, given_name text, middle_name text, family_name text,
  email text, department text, job_title text, location text, time_zone text, added_at timestamptz,
  fallback_name text, sort_key text
`);

/** The site's own listings before the directory: they show the account as its colleagues see it. */
const SITE_FIRST: readonly FieldOrigin[] = ["user-search", "group-members", "users-bulk", "organization"];

interface Field {
  column: string;
  /** The key in `origins`. */
  name: string;
  /** Which origin wins where several give the field, best first. */
  precedence: readonly FieldOrigin[];
  /** What a column that may not be null holds while nobody tells. */
  unknown: Sql;
  /** Nobody tells it any more, and what was told holds no longer. */
  isEnded?: boolean;
}

const FIELDS: readonly Field[] = [
  field("account_type", "accountType", SITE_FIRST, "'unknown'"),
  field("status", "status", ["organization", "users-bulk", "user-search", "group-members"], "'unknown'"),
  field("is_guest", "isGuest", SITE_FIRST, "false"),
  field("is_suspended", "isSuspended", ["organization"]),
  field("is_managed", "isManaged", ["organization"]),
  field("has_access", "hasAccess", SITE_FIRST),
  field("public_name", "publicName", SITE_FIRST),
  field("email", "email", ["organization", "user-search", "group-members", "users-bulk"]),
  field("department", "department", ["organization"]),
  field("job_title", "jobTitle", ["organization"]),
  field("location", "location", ["organization"]),
  field("time_zone", "timeZone", SITE_FIRST),
  field("added_at", "addedAt", ["organization"]),
];

/** Parts of a name that follow the display name they were split from. */
const NAME_PARTS: readonly (readonly [column: string, name: string])[] = [
  ["given_name", "givenName"],
  ["middle_name", "middleName"],
  ["family_name", "familyName"],
];

const VERSIONS = {
  name: "account_versions",
  identity: ["account_id"],
  attributes: [
    ...FIELDS.map((each) => each.column),
    "display_name",
    ...NAME_PARTS.map(([column]) => column),
    "origins",
    "sort_key",
  ],
};

/**
 * Merges what one kind of listing says of accounts. `rows` has the columns of `AccountRow`, an account at most once. A
 * field that a better origin gave keeps its value, so the order in which listings end does not matter; one that this
 * origin gave and no longer gives is forgotten.
 */
export async function mergeAccountRows(
  tx: Tx,
  context: MergeContext,
  origin: FieldOrigin,
  rows: Sql,
): Promise<MergeResult> {
  await keepRows(tx, "incoming_accounts", rows);
  await identifyAccounts(tx, context, sql`select source_id from incoming_accounts`);
  const fields = FIELDS.map((each) => ({ ...each, ...chosen(ranked(each, context), origin) }));
  const names = outrankingSql("displayName", SITE_FIRST, origin);
  const nameIsOurs = sql`(not (${names}) and i.display_name is not null)`;
  return mergeHistory(
    tx,
    context,
    VERSIONS,
    sql`
      select a.id as account_id,
             ${joinSql(
               fields.map((each) => sql`${each.value} as ${rawSql(each.column)}`),
               ", ",
             )},
             case when ${nameIsOurs} then i.display_name
                  else coalesce(held.display_name, i.public_name, i.fallback_name) end as display_name,
             ${joinSql(
               NAME_PARTS.map(
                 ([column]) =>
                   sql`case when ${nameIsOurs} then i.${rawSql(column)} else held.${rawSql(column)} end as ${rawSql(column)}`,
               ),
               ", ",
             )},
             jsonb_strip_nulls(jsonb_build_object(
               ${joinSql(
                 fields.map((each) => sql`${rawSql(`'${each.name}'`)}, ${each.origin}`),
                 ", ",
               )},
               'displayName', case when ${nameIsOurs} then ${origin}::text else held.origins ->> 'displayName' end,
               ${joinSql(
                 NAME_PARTS.map(
                   ([
                     column,
                     name,
                   ]) => sql`${rawSql(`'${name}'`)}, case when not ${nameIsOurs} then held.origins ->> ${rawSql(`'${name}'`)}
                                              when i.${rawSql(column)} is not null then 'display-name' end`,
                 ),
                 ", ",
               )})) as origins,
             case when ${nameIsOurs} or held.sort_key is null then i.sort_key else held.sort_key end as sort_key
        from incoming_accounts i
        join accounts a on a.site_id = ${context.siteId} and a.source_id = i.source_id
        left join account_versions held
          on held.site_id = a.site_id and held.account_id = a.id and held.valid_to is null
    `,
  );
}

/**
 * The user search, whole. With `noteMissing` those it does not show are noted for the second look; without, others
 * ask for them (a search that was cut at its limit cannot tell).
 */
export async function mergeAccounts(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  options: { noteMissing: boolean },
): Promise<MergeResult> {
  const result = await mergeAccountRows(tx, context, "user-search", oncePerAccount(incoming));
  const seen = sql`select a.id as subject
                     from incoming_accounts i
                     join accounts a on a.site_id = ${context.siteId} and a.source_id = i.source_id`;
  await forgetSeen(tx, context, "accounts", seen);
  if (options.noteMissing) {
    await noteMissing(
      tx,
      context,
      "accounts",
      sql`select held.account_id as subject, null::text as scope
            from account_versions held
            join accounts a on a.site_id = held.site_id and a.id = held.account_id
           where held.site_id = ${context.siteId} and held.valid_to is null
             and not exists (select from incoming_accounts i where i.source_id = a.source_id)`,
    );
  }
  return result;
}

/**
 * Answers about accounts that were asked for by id. One that is not known there is noted for the second look, and so is
 * one that is closed unless the user search still shows it. One that was never seen otherwise gets a version without
 * duration, so that its name is known where it is an author. With `trustsDirectory` one that is not known there, but to the
 * organization's directory, stays as the directory tells; what an earlier answer added is forgotten.
 */
export async function mergeAccountStatuses(
  tx: Tx,
  context: MergeContext,
  incoming: Incoming,
  askedSourceIds: readonly string[],
  options: { trustsDirectory: boolean },
): Promise<MergeResult> {
  await keepRows(tx, "answers", oncePerAccount(incoming));
  const result = await mergeAccountRows(
    tx,
    context,
    "users-bulk",
    sql`select *
          from answers
         where status is distinct from 'closed'
            or exists (select from accounts a
                         join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
                        where a.site_id = ${context.siteId} and a.source_id = answers.source_id
                          and not exists (select from unseen u
                                           where u.site_id = a.site_id and u.kind = 'accounts' and u.subject = a.id
                                             and u.run_id = ${context.runId}))
         union all
        select nobody.*
          from accounts a
          join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
         cross join lateral jsonb_to_record(jsonb_build_object('source_id', a.source_id)) as nobody(${ACCOUNT_COLUMNS})
         where ${options.trustsDirectory} and a.site_id = ${context.siteId} and a.source_id = any(${askedSourceIds})
           and v.origins ->> 'status' = 'organization'
           and not exists (select from answers where answers.source_id = a.source_id)`,
  );
  await keepRows(
    tx,
    "unanswered",
    sql`select a.id, a.source_id, answers.display_name, answers.sort_key
          from accounts a
          left join answers on answers.source_id = a.source_id
         where a.site_id = ${context.siteId} and a.source_id = any(${askedSourceIds})
           and not exists (select from incoming_accounts i where i.source_id = a.source_id)`,
  );
  await forgetSeen(
    tx,
    context,
    "accounts",
    sql`select a.id as subject
          from incoming_accounts i
          join answers on answers.source_id = i.source_id
          join accounts a on a.site_id = ${context.siteId} and a.source_id = i.source_id`,
  );
  await noteMissing(
    tx,
    context,
    "accounts",
    sql`select held.account_id as subject, null::text as scope
          from unanswered
          join account_versions held
            on held.site_id = ${context.siteId} and held.account_id = unanswered.id and held.valid_to is null`,
  );
  await tx.execute(sql`
    insert into account_versions
      (site_id, account_id, valid_from, valid_to, account_type, status, is_guest, display_name, origins, sort_key)
    select ${context.siteId}, id, ${context.observedAt}, ${context.observedAt}, 'unknown', 'closed', false,
           coalesce(display_name, source_id), '{}', coalesce(sort_key, lower(source_id))
      from unanswered
     where not exists (select from account_versions v where v.site_id = ${context.siteId} and v.account_id = unanswered.id)
  `);
  return result;
}

/**
 * Made by everything that names accounts: each new one gets its row, and its person unless the id is known already. An
 * Atlassian account id is one person on every site; a user key of Data Center means something on its own site only (old
 * ones are plain user names: `admin` is somebody else everywhere).
 */
export async function identifyAccounts(tx: Tx, { siteId, observedAt }: MergeContext, sourceIds: Sql): Promise<void> {
  const fresh = await keepRows(
    tx,
    "fresh_accounts",
    sql`select named.source_id,
               case site.source when 'confluence-cloud' then 'atlassian-account' else 'data-center-user' end as kind,
               case site.source when 'confluence-cloud' then named.source_id
                                else site.id || '/' || named.source_id end as value
          from (select distinct source_id from (${sourceIds}) each) named
          join sites site on site.id = ${siteId}
         where not exists (select from accounts a where a.site_id = ${siteId} and a.source_id = named.source_id)`,
  );
  if (fresh > 0) {
    // Two sites of one organization, or a merge and a page of events, meet the same people at the same moment; one of
    // them makes the account and its person.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('people'))`);
    await tx.execute(sql`
      delete from fresh_accounts f
       using accounts a
       where a.site_id = ${siteId} and a.source_id = f.source_id
    `);
    await tx.execute(sql`
      with made as materialized (
        select f.kind, f.value, new_id('person') as person_id
          from fresh_accounts f
         where not exists (select from person_identifiers p where p.kind = f.kind and p.value = f.value)
      ), new_people as (
        insert into people (id, first_seen_at) select person_id, ${observedAt} from made
      )
      insert into person_identifiers (kind, value, person_id) select kind, value, person_id from made
    `);
    await tx.execute(sql`
      insert into accounts (site_id, source_id, person_id, first_seen_at)
      select ${siteId}, f.source_id, p.person_id, ${observedAt}
        from fresh_accounts f
        join person_identifiers p on p.kind = f.kind and p.value = f.value
    `);
  }
  for (const table of fresh > 0 ? ["accounts", "people", "person_identifiers"] : []) await analyzeGrown(tx, table);
  await tx.execute(rawSql("drop table fresh_accounts"));
}

/** A page overlap or a moved row may show an account twice; the first one counts. */
function oncePerAccount(incoming: Incoming): Sql {
  return sql`
    select distinct on (each.source_id) each.*
      from (${incoming}) incoming
     cross join lateral jsonb_to_record(incoming.data) as each(${ACCOUNT_COLUMNS})
     order by each.source_id
  `;
}

/** Without the directory nothing tells who is suspended; what it said of that ends with it. */
function ranked(each: Field, { isDirectoryLost }: MergeContext): Field {
  if (!isDirectoryLost) return each;
  const isEnded = each.name === "isSuspended";
  return { ...each, isEnded, precedence: each.precedence.filter((origin) => origin !== "organization") };
}

function chosen(
  { column, name, precedence, unknown, isEnded }: Field,
  origin: FieldOrigin,
): { value: Sql; origin: Sql } {
  if (isEnded) return { value: rawSql(`null::boolean`), origin: rawSql("null::text") };
  const outranked = outrankingSql(name, precedence, origin);
  const held = rawSql(`held.${column}`);
  const given = rawSql(`i.${column}`);
  const heldOrigin = rawSql(`held.origins ->> '${name}'`);
  return {
    value: sql`case when ${outranked} then ${held} when ${given} is not null then ${given}
                    when ${heldOrigin} = ${origin} then ${unknown} else coalesce(${held}, ${unknown}) end`,
    origin: sql`case when ${outranked} then ${heldOrigin} when ${given} is not null then ${origin}::text
                     when ${heldOrigin} = ${origin} then null else ${heldOrigin} end`,
  };
}

/** True when the value that is held comes from an origin that wins over `origin`; false, not null, when nothing is held. */
function outrankingSql(name: string, precedence: readonly FieldOrigin[], origin: FieldOrigin): Sql {
  const better = precedence.slice(0, Math.max(0, precedence.indexOf(origin)));
  if (better.length === 0) return rawSql("false");
  return rawSql(`coalesce(held.origins ->> '${name}' in (${better.map((each) => `'${each}'`).join(", ")}), false)`);
}

function field(column: string, name: string, precedence: readonly FieldOrigin[], unknown = "null"): Field {
  return { column, name, precedence, unknown: rawSql(unknown) };
}
