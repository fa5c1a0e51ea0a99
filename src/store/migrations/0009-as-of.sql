-- What was so on an earlier day: since when each kind is known, what had no history yet, and indexes of what has ended.

-- When each kind of listing was first read to its end. Before it, that nothing is there proves nothing.
create table site_known_since (
  site_id text not null references sites,
  kind    text not null,
  since   timestamptz not null,
  primary key (site_id, kind)
);

insert into site_known_since (site_id, kind, since)
select site_id, kind, min(observed_at)
  from (select r.site_id, r.observed_at, l.kind
          from runs r
          join listings l on l.run_id = r.id
         where r.observed_at is not null and r.state in ('succeeded', 'partial', 'held')
           and not (r.scope = 'license' and l.kind = 'memberships')
         group by r.site_id, r.id, r.observed_at, l.kind
        having bool_and(l.state = 'complete')
         union all
        -- The directory of the organization tells all memberships at once.
        select r.site_id, r.observed_at, 'memberships'
          from runs r
          join listings l on l.run_id = r.id
         where r.observed_at is not null and r.state in ('succeeded', 'partial', 'held')
           and l.kind = 'organization-accounts' and l.state = 'complete'
           and not exists (select 1
                             from listings m
                            where m.run_id = r.id and m.kind = 'memberships' and m.state <> 'complete')) as complete
 group by site_id, kind;

-- Decisions about product-access groups over time; the newest of each group is also in product_access_decisions.
create table product_access_decision_versions (
  site_id    text not null,
  group_id   text not null,
  state      text not null check (state in ('confirmed', 'added', 'dropped')),
  reason     text,
  decided_by text not null references operators,
  valid_from timestamptz not null,
  valid_to   timestamptz,
  primary key (site_id, group_id, valid_from),
  foreign key (site_id, group_id) references groups
);
create unique index product_access_decision_versions_current
  on product_access_decision_versions (site_id, group_id) where valid_to is null;
create index product_access_decision_versions_by_operator on product_access_decision_versions (decided_by);

-- The journal has the earlier ones; what was given as their reason stands only in its erasable part, and stays there.
insert into product_access_decision_versions (site_id, group_id, state, reason, decided_by, valid_from, valid_to)
select d.site_id, d.group_id, d.state, d.reason, d.decided_by, d.decided_at, null
  from product_access_decisions d
 union all
select earlier.site_id, earlier.group_id, earlier.state, null, earlier.actor_id, earlier.at, earlier.until
  from (select d.site_id, d.group_id, split_part(j.entry, '.', 2) as state, j.actor_id, j.at, d.decided_at, j.seq,
               lead(j.at, 1) over (partition by j.subject_id order by j.seq) as until
          from product_access_decisions d
          join journal_entries j on j.subject_id = d.group_id
         where j.entry in ('product-access.confirmed', 'product-access.added', 'product-access.dropped')) as earlier
  join operators o on o.id = earlier.actor_id
 where earlier.until is not null and earlier.at < date_trunc('milliseconds', earlier.decided_at)
   and earlier.until > earlier.at
    on conflict do nothing;

-- By account and by principal, whenever it held: what has ended is little beside what holds, so that one index serves
-- now and an earlier day. (A join to "holds or ended later" cannot use two indexes of one half each.)
drop index memberships_by_account;
create index memberships_by_account on memberships (site_id, account_id);
drop index space_permissions_by_principal;
create index space_permissions_by_principal on space_permissions (site_id, principal_type, principal_id);
drop index role_assignments_by_principal;
create index role_assignments_by_principal on role_assignments (site_id, principal_type, principal_id);

-- What ended between two days. What began is found by its place in the table: rows lie in the order of their beginning,
-- so that a summary of blocks is enough, and a first sync of a million rows does not pay for another tree.
create index account_versions_ended on account_versions (site_id, valid_to) where valid_to is not null;
create index group_versions_ended on group_versions (site_id, valid_to) where valid_to is not null;
create index memberships_ended on memberships (site_id, valid_to) where valid_to is not null;
create index product_access_ended on product_access (site_id, valid_to) where valid_to is not null;
create index space_versions_ended on space_versions (site_id, valid_to) where valid_to is not null;
create index space_permissions_ended on space_permissions (site_id, valid_to) where valid_to is not null;
create index role_assignments_ended on role_assignments (site_id, valid_to) where valid_to is not null;
create index seats_ended on seats (site_id, ended_at) where ended_at is not null;
create index account_versions_begun on account_versions using brin (valid_from);
create index memberships_begun on memberships using brin (valid_from);
create index space_permissions_begun on space_permissions using brin (valid_from);
create index role_assignments_begun on role_assignments using brin (valid_from);
create index seats_begun on seats using brin (started_at);
