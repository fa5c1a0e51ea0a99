import type { Reader, Tx } from "../database.ts";
import { keepRows } from "../merge/incoming.ts";
import { analyzeGrown } from "../merge/history.ts";
import { rawSql, sql, type Sql } from "../sql.ts";

/**
 * `named_accounts`: for each row of an import that could be read, the accounts that its text may mean, on `siteId` or, with
 * null, on the site that the row names (or any). Our own id, the source's id and the e-mail are compared; a user name
 * where one is known. A text that means an account by its id means no other by its e-mail.
 */
export async function gatherNamedAccounts(tx: Tx, importId: string, siteId: string | null): Promise<void> {
  await keepRows(
    tx,
    "asked_accounts",
    sql`select r.row_number, r.data ->> 'account' as account, lower(r.data ->> 'account') as word,
               r.data ->> 'site' as site,
               coalesce(${siteId}::text, (select min(s.id)
                                            from sites s
                                           where r.data ->> 'site' is not null
                                             and lower(r.data ->> 'site') in (s.id, lower(s.name), lower(s.base_url),
                                                   lower(regexp_replace(s.base_url, '^https?://', ''))))) as site_id
          from import_rows r
         where r.import_id = ${importId} and r.errors = '[]'`,
  );
  await keepRows(
    tx,
    "known_accounts",
    sql`select a.site_id, a.id as account_id, a.source_id, lower(v.email) as email,
               lower(coalesce(told.value, case when s.source = 'confluence-data-center' then v.public_name end)) as username
          from accounts a
          join sites s on s.id = a.site_id
          left join account_versions v on v.site_id = a.site_id and v.account_id = a.id and v.valid_to is null
          left join account_attributes told
            on told.site_id = a.site_id and told.account_id = a.id and told.name = 'username' and told.valid_to is null
         where ${siteId}::text is null or a.site_id = ${siteId}`,
  );
  const ways = [
    sql`k.account_id = q.account`,
    sql`k.source_id = q.account`,
    sql`k.email = q.word`,
    sql`k.username = q.word`,
  ];
  const found = ways.map(
    (same, rank) => sql`
      select q.row_number, k.site_id, k.account_id, ${rank}::integer as rank
        from asked_accounts q
        join known_accounts k on ${same}
       where (q.site_id is null and q.site is null) or k.site_id = q.site_id`,
  );
  await keepRows(
    tx,
    "named_accounts",
    sql`select row_number, site_id, account_id
          from (select found.*, rank() over (partition by row_number order by rank) as place
                  from (${found.reduce((all, each) => sql`${all} union all ${each}`)}) found) each
         where place = 1
         group by row_number, site_id, account_id`,
  );
}

/** Rows whose account is not known, or may be several, and rows whose site is not known. */
export const UNNAMED_ROWS: Sql = sql`
  select q.row_number,
         case when q.site is not null and q.site_id is null then 'site' else 'account' end as field,
         case when q.site is not null and q.site_id is null then '"' || left(q.site, 60) || '" is no site here'
              when count(n.account_id) = 0 then '"' || left(q.account, 60) || '" is no account there'
              else '"' || left(q.account, 60) || '" may be ' || count(n.account_id) || ' accounts' end as what,
         case when q.site is not null and q.site_id is null then 'the name or address of a site'
              when count(n.account_id) = 0
              then 'an account that a run has seen: by e-mail, user name, id at the source, or our own id'
              else 'the account''s id at the source, and its site, so that it can be no other' end as expected
    from asked_accounts q
    left join named_accounts n on n.row_number = q.row_number
   group by q.row_number, q.account, q.site, q.site_id
  having count(n.account_id) <> 1`;

export async function dropNamedAccounts(tx: Tx): Promise<void> {
  await tx.execute(rawSql("drop table asked_accounts, known_accounts, named_accounts"));
}

export interface AccountsImportCounts {
  rows: number;
  accounts: number;
  /** Attributes that are new or other than before, and those that are taken away. */
  changed: number;
  removed: number;
  errors: number;
}

/** `next_attributes`: what becomes of each attribute that the rows name; of two rows for one account the last counts. */
export async function gatherAttributes(tx: Tx, importId: string): Promise<void> {
  await keepRows(
    tx,
    "next_attributes",
    sql`select told.*, held.value as held_value
          from (select distinct on (n.site_id, n.account_id, each.name)
                       n.site_id, n.account_id, each.name, each.value
                  from import_rows r
                  join named_accounts n on n.row_number = r.row_number
                 cross join lateral jsonb_each_text(r.data -> 'attributes') as each (name, value)
                 where r.import_id = ${importId} and r.errors = '[]'
                 order by n.site_id, n.account_id, each.name, r.row_number desc) told
          left join account_attributes held
            on held.site_id = told.site_id and held.account_id = told.account_id and held.name = told.name
           and held.valid_to is null`,
  );
}

export async function countAttributes(reader: Reader, importId: string): Promise<AccountsImportCounts> {
  const [row] = await reader.query<AccountsImportCounts>(sql`
    select (select count(*) from import_rows where import_id = ${importId}) as rows,
           (select count(*) from import_rows where import_id = ${importId} and errors <> '[]') as errors,
           count(distinct account_id) as accounts,
           count(*) filter (where value is not null and value is distinct from held_value) as changed,
           count(*) filter (where value is null and held_value is not null) as removed
      from next_attributes
  `);
  if (!row) throw new Error("The counts of an import gave no row.");
  return row;
}

export async function saveAttributes(tx: Tx, at: Date): Promise<void> {
  await tx.execute(sql`
    delete from account_attributes held
     using next_attributes n
     where held.site_id = n.site_id and held.account_id = n.account_id and held.name = n.name
       and held.valid_from = ${at} and n.value is distinct from n.held_value
  `);
  await tx.execute(sql`
    update account_attributes held
       set valid_to = ${at}
      from next_attributes n
     where held.site_id = n.site_id and held.account_id = n.account_id and held.name = n.name and held.valid_to is null
       and n.value is distinct from n.held_value
  `);
  const saved = await tx.execute(sql`
    insert into account_attributes (site_id, account_id, name, value, valid_from)
    select site_id, account_id, name, value, ${at}
      from next_attributes
     where value is not null and value is distinct from held_value
  `);
  if (saved > 0) await analyzeGrown(tx, "account_attributes");
}
