-- Editions by the names that sources give them, which of them each site and seat had, and what exclusions need besides.

create table editions (
  id       text primary key,
  name     text not null,
  -- The smaller first.
  position integer not null unique
);
insert into editions (id, name, position)
values ('free', 'Free', 1), ('standard', 'Standard', 2), ('premium', 'Premium', 3), ('enterprise', 'Enterprise', 4),
       ('data-center', 'Data Center', 5);

-- A source's technical name for an edition, and which edition it is. One without waits under *Unrecognized*.
create table edition_identifiers (
  id            text primary key default new_id('identifier'),
  source        text not null check (source in ('confluence-cloud', 'confluence-data-center')),
  identifier    text not null,
  edition       text references editions,
  -- `built-in`: comes with Usher; `source`: the source itself knows what it is; `person`: somebody said so.
  origin        text check (origin in ('built-in', 'source', 'person')),
  -- When a site told it first; null: none did yet.
  first_seen_at timestamptz,
  decided_by    text references operators,
  decided_at    timestamptz,
  check ((edition is null) = (origin is null))
);
create unique index edition_identifiers_name on edition_identifiers (source, lower(identifier));
create index edition_identifiers_by_edition on edition_identifiers (edition);
create index edition_identifiers_by_operator on edition_identifiers (decided_by);

insert into edition_identifiers (source, identifier, edition, origin)
values ('confluence-cloud', 'FREE', 'free', 'built-in'),
       ('confluence-cloud', 'STANDARD', 'standard', 'built-in'),
       ('confluence-cloud', 'PREMIUM', 'premium', 'built-in'),
       ('confluence-cloud', 'ENTERPRISE', 'enterprise', 'built-in');

-- What each site called its edition, over time. The edition follows from the identifier, so that a mapping that comes
-- later holds for the past too.
create table site_edition_versions (
  site_id    text not null references sites,
  valid_from timestamptz not null,
  valid_to   timestamptz,
  identifier text not null,
  primary key (site_id, valid_from)
);
create unique index site_edition_versions_current on site_edition_versions (site_id) where valid_to is null;

-- What the site called the edition while the seat was held, or when it ended.
alter table seats add column edition_identifier text;
create index seats_by_edition_identifier on seats (site_id, edition_identifier);

-- Sites that are known already: what they told last has been so since they were synced last, at the latest.
insert into edition_identifiers (source, identifier, edition, origin, first_seen_at)
select s.source, min(s.edition_identifier), min(nullif(s.edition, 'unrecognized')),
       case when min(nullif(s.edition, 'unrecognized')) is not null then 'source' end,
       min(coalesce(s.last_synced_at, s.created_at))
  from sites s
 where s.edition_identifier is not null
 group by s.source, lower(s.edition_identifier)
    on conflict (source, lower(identifier)) do update
   set first_seen_at = excluded.first_seen_at;
insert into site_edition_versions (site_id, valid_from, identifier)
select id, coalesce(last_synced_at, created_at), edition_identifier
  from sites
 where edition_identifier is not null;
update seats
   set edition_identifier = s.edition_identifier
  from sites s
 where s.id = seats.site_id and seats.edition = s.edition;

-- Why an exclusion that comes with Usher was switched off.
alter table exclusion_rules add column off_reason text;
alter table exclusion_rules add constraint exclusion_rules_built_in
  check (built_in in ('credential-account', 'break-glass-admins', 'app-accounts', 'last-space-admin'));
create unique index exclusion_rules_name on exclusion_rules (lower(name)) where ended_at is null;
create index exclusion_rules_expiring on exclusion_rules (expires_at) where ended_at is null;

insert into exclusion_rules (name, condition, effects, reason, built_in, created_at, updated_at)
values ('The credential''s own account', '{"is": "expression", "cel": "false"}', '{no-reclaim}',
        'Without it Usher could not read the site any more.', 'credential-account', now(), now()),
       ('Break-glass administrators', '{"is": "expression", "cel": "false"}', '{no-reclaim}',
        'They are kept for the day when nobody else gets in, and are not used until then.', 'break-glass-admins',
        now(), now()),
       ('App accounts', '{"is": "expression", "cel": "account.type == \"app\""}',
        '{not-counted,no-reclaim,no-review,no-notify}', 'They are programs, hold no seat and answer nobody.',
        'app-accounts', now(), now()),
       ('The last administrator of a space', '{"is": "expression", "cel": "false"}', '{no-reclaim}',
        'Without the seat nobody could administer the space.', 'last-space-admin', now(), now());
