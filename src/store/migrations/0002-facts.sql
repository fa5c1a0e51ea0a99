-- What Usher observed: runs and what they read, facts with their history, evidence of use, seats.
-- Every fact, event and seat row carries its site first in the key. `valid_to is null` marks what holds now.

create table runs (
  id                text primary key default new_id('run'),
  site_id           text not null references sites,
  connection_id     text not null references connections,
  scope             text not null check (scope in ('full', 'license')),
  trigger           text not null check (trigger in ('schedule', 'person', 'publish')),
  state             text not null default 'queued'
                    check (state in ('queued', 'running', 'succeeded', 'partial', 'failed', 'canceled', 'held')),
  requested_by      text not null,
  requested_at      timestamptz not null,
  started_at        timestamptz,
  -- The one instant that the facts of this run carry; kept when the run is resumed.
  observed_at       timestamptz,
  finished_at       timestamptz,
  resumed           integer not null default 0,
  cancel_requested  boolean not null default false,
  counts            jsonb not null default '{}',
  requests          integer not null default 0,
  points            integer not null default 0,
  forecast_requests integer,
  forecast_points   integer,
  waited_ms         bigint not null default 0,
  -- What the safeguard held, by kind: known, gone, and why. Null when nothing is held.
  held              jsonb,
  error_code        text,
  error_message     text
);
create index runs_by_site on runs (site_id, requested_at desc);
create index runs_by_connection on runs (connection_id);
create unique index runs_one_at_a_time on runs (site_id) where state in ('queued', 'running');

create table run_events (
  run_id  text not null references runs on delete cascade,
  seq     integer not null,
  at      timestamptz not null,
  level   text not null check (level in ('info', 'warn', 'error')),
  event   text not null,
  message text not null,
  data    jsonb not null default '{}',
  primary key (run_id, seq)
);

create table listings (
  run_id     text not null references runs on delete cascade,
  -- Kind and scope: `memberships/<group source id>`.
  key        text not null,
  kind       text not null,
  scope      text,
  state      text not null check (state in ('waiting', 'reading', 'complete', 'failed', 'not-allowed')),
  cursor     text,
  pages      integer not null default 0,
  rows       integer not null default 0,
  restarts   integer not null default 0,
  started_at timestamptz,
  error      jsonb,
  updated_at timestamptz not null,
  primary key (run_id, key)
);

-- Rows of listings of several pages, until the listing is complete and merged. Ordinary logged tables: they survive a kill.
create table staged_rows (
  run_id      text not null references runs on delete cascade,
  listing_key text not null,
  position    integer not null,
  data        jsonb not null,
  primary key (run_id, listing_key, position)
);

create table people (
  id            text primary key default new_id('person'),
  first_seen_at timestamptz not null
);

-- What identifies a person with certainty: the same Atlassian account id on two sites is one person.
create table person_identifiers (
  kind      text not null check (kind in ('atlassian-account', 'data-center-user')),
  value     text not null,
  person_id text not null references people,
  primary key (kind, value)
);
create index person_identifiers_by_person on person_identifiers (person_id);

create table accounts (
  site_id       text not null references sites,
  id            text not null default new_id('account'),
  source_id     text not null,
  person_id     text not null references people,
  first_seen_at timestamptz not null,
  primary key (site_id, id),
  unique (site_id, source_id)
);
create unique index accounts_by_id on accounts (id);
create index accounts_by_person on accounts (person_id);

create table account_versions (
  site_id      text not null,
  account_id   text not null,
  valid_from   timestamptz not null,
  valid_to     timestamptz,
  account_type text not null,
  status       text not null,
  is_guest     boolean not null,
  -- Suspended in the organization's directory; null where no organization key tells.
  is_suspended boolean,
  is_managed   boolean,
  -- Whether the source says that it may use the product; null where it was not asked.
  has_access   boolean,
  display_name text not null,
  public_name  text,
  given_name   text,
  middle_name  text,
  family_name  text,
  email        text,
  department   text,
  job_title    text,
  location     text,
  time_zone    text,
  added_at     timestamptz,
  -- Which source each given field came from: {"email": "organization"}.
  origins      jsonb not null,
  sort_key     text collate "C" not null,
  primary key (site_id, account_id, valid_from),
  foreign key (site_id, account_id) references accounts
);
create unique index account_versions_current on account_versions (site_id, account_id) where valid_to is null;

create table groups (
  site_id       text not null references sites,
  id            text not null default new_id('group'),
  source_id     text not null,
  first_seen_at timestamptz not null,
  primary key (site_id, id),
  unique (site_id, source_id)
);
create unique index groups_by_id on groups (id);

create table group_versions (
  site_id    text not null,
  group_id   text not null,
  valid_from timestamptz not null,
  valid_to   timestamptz,
  name       text not null,
  managed_by text,
  usage      text,
  sort_key   text collate "C" not null,
  primary key (site_id, group_id, valid_from),
  foreign key (site_id, group_id) references groups
);
create unique index group_versions_current on group_versions (site_id, group_id) where valid_to is null;

create table memberships (
  site_id    text not null,
  group_id   text not null,
  account_id text not null,
  valid_from timestamptz not null,
  valid_to   timestamptz,
  primary key (site_id, group_id, account_id, valid_from),
  foreign key (site_id, group_id) references groups,
  foreign key (site_id, account_id) references accounts
);
create unique index memberships_current on memberships (site_id, group_id, account_id) where valid_to is null;
create index memberships_by_account on memberships (site_id, account_id) where valid_to is null;

-- Groups that give the product, as the source says; a person's decision about one is in product_access_decisions.
create table product_access (
  site_id    text not null,
  group_id   text not null,
  access     text not null check (access in ('user', 'admin')),
  valid_from timestamptz not null,
  valid_to   timestamptz,
  primary key (site_id, group_id, access, valid_from),
  foreign key (site_id, group_id) references groups
);
create unique index product_access_current on product_access (site_id, group_id, access) where valid_to is null;

create table product_access_decisions (
  site_id    text not null,
  group_id   text not null,
  state      text not null check (state in ('confirmed', 'added', 'dropped')),
  reason     text,
  decided_by text not null references operators,
  decided_at timestamptz not null,
  primary key (site_id, group_id),
  foreign key (site_id, group_id) references groups
);
create index product_access_decisions_by_operator on product_access_decisions (decided_by);

create table spaces (
  site_id       text not null references sites,
  id            text not null default new_id('space'),
  source_id     text not null,
  -- A small number within the site, never given twice: the space's place in a bitset.
  ordinal       integer not null,
  first_seen_at timestamptz not null,
  primary key (site_id, id),
  unique (site_id, source_id),
  unique (site_id, ordinal)
);
create unique index spaces_by_id on spaces (id);

create table space_versions (
  site_id         text not null,
  space_id        text not null,
  valid_from      timestamptz not null,
  valid_to        timestamptz,
  key             text not null,
  name            text not null,
  type            text not null,
  status          text not null,
  owner_source_id text,
  created_at      timestamptz,
  sort_key        text collate "C" not null,
  primary key (site_id, space_id, valid_from),
  foreign key (site_id, space_id) references spaces
);
create unique index space_versions_current on space_versions (site_id, space_id) where valid_to is null;
create index space_versions_by_key on space_versions (site_id, key);

-- One row per space and principal; its operations as the source names them, with the source's ids.
create table space_permissions (
  site_id        text not null,
  space_id       text not null,
  principal_type text not null,
  -- As the source knows it: account id, group id, role id, or access class.
  principal_id   text not null,
  valid_from     timestamptz not null,
  valid_to       timestamptz,
  operations     jsonb not null,
  -- Derived from operations when written, so that readers and administrators are found by index.
  can_read       boolean not null,
  can_administer boolean not null,
  primary key (site_id, space_id, principal_type, principal_id, valid_from),
  foreign key (site_id, space_id) references spaces
);
create unique index space_permissions_current
  on space_permissions (site_id, space_id, principal_type, principal_id) where valid_to is null;
create index space_permissions_by_principal
  on space_permissions (site_id, principal_type, principal_id) where valid_to is null;

create table space_roles (
  site_id       text not null references sites,
  id            text not null default new_id('role'),
  source_id     text not null,
  first_seen_at timestamptz not null,
  primary key (site_id, id),
  unique (site_id, source_id)
);

create table space_role_versions (
  site_id        text not null,
  role_id        text not null,
  valid_from     timestamptz not null,
  valid_to       timestamptz,
  name           text not null,
  description    text,
  is_custom      boolean not null,
  permissions    jsonb not null,
  can_read       boolean not null,
  can_administer boolean not null,
  primary key (site_id, role_id, valid_from),
  foreign key (site_id, role_id) references space_roles
);
create unique index space_role_versions_current on space_role_versions (site_id, role_id) where valid_to is null;

create table role_assignments (
  site_id        text not null,
  space_id       text not null,
  principal_type text not null,
  principal_id   text not null,
  valid_from     timestamptz not null,
  valid_to       timestamptz,
  -- Source ids of the roles, sorted.
  roles          text[] not null,
  primary key (site_id, space_id, principal_type, principal_id, valid_from),
  foreign key (site_id, space_id) references spaces
);
create unique index role_assignments_current
  on role_assignments (site_id, space_id, principal_type, principal_id) where valid_to is null;
create index role_assignments_by_principal
  on role_assignments (site_id, principal_type, principal_id) where valid_to is null;

-- What a complete listing no longer showed, until the second look and the safeguard have spoken. `not-visible` closes
-- nothing and stays until it is seen again; `gone` waits for the safeguard.
create table unseen (
  site_id         text not null references sites,
  kind            text not null,
  -- Identity of the fact within its kind: account id, group id, `group|account`, space id, `space|type|principal`.
  subject         text not null,
  -- The group or space whose listing it was missing from; null for whole objects.
  scope           text,
  run_id          text not null references runs,
  verdict         text not null check (verdict in ('missing', 'gone', 'not-visible')),
  reason          text,
  first_unseen_at timestamptz not null,
  primary key (site_id, kind, subject)
);
create index unseen_by_run on unseen (run_id);
-- What is missing of one group or space, each asked for in turn.
create index unseen_by_scope on unseen (site_id, kind, scope);

create table activity_events (
  site_id     text not null,
  source      text not null,
  -- Unique at the source for ever: content id and version, audit record, or account and instant of a view.
  event_id    text not null,
  account_id  text not null,
  type        text not null,
  summary     text not null,
  occurred_at timestamptz not null,
  space_key   text,
  path        text,
  seen_at     timestamptz not null,
  primary key (site_id, source, event_id),
  foreign key (site_id, account_id) references accounts
);
create index activity_events_by_account on activity_events (site_id, account_id, occurred_at desc);
create index activity_events_by_time
  on activity_events (occurred_at, ((source || '/' || event_id || '/' || site_id) collate "C"));

-- The latest of each kind per account. `known_since` null: the source knows the account's whole life.
create table evidence (
  site_id     text not null,
  account_id  text not null,
  kind        text not null check (kind in ('viewed', 'contributed', 'administered', 'authenticated')),
  source      text not null,
  last_at     timestamptz,
  known_since timestamptz,
  -- What happened after this instant is not known yet: views come up to 24 hours late.
  known_until timestamptz not null,
  -- False: the source does not tell of this account (any more), so what its window says of everybody is not said of it.
  is_told     boolean not null default true,
  primary key (site_id, account_id, kind),
  foreign key (site_id, account_id) references accounts
);

-- What a kind of evidence covers at a site: silence before it proves nothing.
create table evidence_windows (
  site_id     text not null references sites,
  kind        text not null,
  source      text not null,
  known_since timestamptz,
  known_until timestamptz not null,
  primary key (site_id, kind)
);

create table seats (
  site_id      text not null references sites,
  id           text not null default new_id('seat'),
  account_id   text not null,
  edition      text,
  -- Since when the person has the seat, and how we know: `organization` (added to the directory) or `first-seen`.
  since        timestamptz not null,
  since_origin text not null check (since_origin in ('organization', 'first-seen')),
  started_at   timestamptz not null,
  ended_at     timestamptz,
  end_reason   text,
  primary key (site_id, id),
  foreign key (site_id, account_id) references accounts
);
create unique index seats_by_id on seats (id);
create unique index seats_current on seats (site_id, account_id) where ended_at is null;
create index seats_by_account on seats (site_id, account_id);

-- What the rows below were computed with; statuses and counts hold as of this instant, not as of the question.
create table site_summaries (
  site_id         text primary key references sites,
  as_of           timestamptz not null,
  idle_after_days integer not null,
  -- How old evidence may be and still prove silence up to `as_of`: its own lateness and the hours until data is stale.
  late_hours_max  integer not null
);

-- As of when each kind of listing was last read to its end, all of it; a number over several is as of the oldest.
create table site_freshness (
  site_id text not null references sites,
  kind    text not null,
  as_of   timestamptz not null,
  primary key (site_id, kind)
);

-- One row per account that holds now, made by each run for the lists; everything in it can be computed anew.
create table account_summaries (
  site_id               text not null,
  account_id            text not null,
  person_id             text not null,
  account_class         text not null,
  account_type          text not null,
  account_status        text not null,
  display_name          text not null,
  email                 text,
  department            text,
  job_title             text,
  is_managed            boolean,
  groups_count          integer not null,
  -- Null while no space permission of the site is known.
  spaces_count          integer,
  events_90d            integer not null,
  -- Null without a seat, as the four below.
  seat_id               text,
  seat_status           text check (seat_status in ('active', 'idle', 'never-used', 'no-evidence')),
  seat_since            timestamptz,
  edition               text,
  -- A month of the seat at list price; null where the edition has none.
  price_minor           integer,
  price_currency        text,
  last_activity_at      timestamptz,
  last_activity_kind    text,
  last_activity_summary text,
  search_text           text not null,
  sort_key              text collate "C" not null,
  primary key (site_id, account_id),
  foreign key (site_id, account_id) references accounts
) with (fillfactor = 80);
create index account_summaries_by_name on account_summaries (sort_key, account_id);
create index account_summaries_by_person on account_summaries (person_id);
create index account_summaries_by_status on account_summaries (site_id, seat_status) where seat_id is not null;
create index account_summaries_by_class on account_summaries (site_id, account_class);

-- The same over all sites of a person.
create table person_summaries (
  person_id             text primary key references people,
  display_name          text not null,
  email                 text,
  department            text,
  job_title             text,
  -- Of the account that gives the person most: licensed, guest, app, customer, no-access, deactivated.
  account_class         text not null,
  accounts_count        integer not null,
  seats_count           integer not null,
  -- The seat that is used most, by active, idle, never-used, no-evidence; null without one.
  seat_status           text,
  groups_count          integer not null,
  spaces_count          integer,
  events_90d            integer not null,
  seat_since            timestamptz,
  price_minor           integer,
  price_currency        text,
  last_activity_at      timestamptz,
  last_activity_kind    text,
  last_activity_summary text,
  search_text           text not null,
  sort_key              text collate "C" not null
) with (fillfactor = 80);
create index person_summaries_by_name on person_summaries (sort_key, person_id);
-- Rows without a value come last whichever way a list is sorted, so each direction has its own.
create index person_summaries_by_activity on person_summaries (last_activity_at, person_id);
create index person_summaries_by_activity_down
  on person_summaries (last_activity_at desc nulls last, person_id desc);
create index person_summaries_by_spaces on person_summaries (spaces_count, person_id);
create index person_summaries_by_spaces_down on person_summaries (spaces_count desc nulls last, person_id desc);
create index person_summaries_by_groups on person_summaries (groups_count, person_id);
create index person_summaries_by_price on person_summaries (price_minor, person_id);
create index person_summaries_by_price_down on person_summaries (price_minor desc nulls last, person_id desc);
create index person_summaries_by_since on person_summaries (seat_since, person_id);
create index person_summaries_by_since_down on person_summaries (seat_since desc nulls last, person_id desc);

-- What the scheduler runs, and how each time ended.
create table jobs (
  id            text primary key default new_id('job'),
  name          text not null,
  kind          text not null,
  connection_id text references connections,
  site_id       text references sites,
  cron          text not null,
  enabled       boolean not null default true,
  created_at    timestamptz not null
);
create index jobs_by_connection on jobs (connection_id);
create index jobs_by_site on jobs (site_id);
create unique index jobs_once on jobs (kind, coalesce(connection_id, ''), coalesce(site_id, ''));

create table job_results (
  id          text primary key default new_id('result'),
  job_id      text not null references jobs,
  state       text not null check (state in ('running', 'succeeded', 'partial', 'failed', 'canceled', 'held', 'skipped')),
  trigger     text not null check (trigger in ('schedule', 'person', 'publish')),
  run_id      text references runs on delete set null,
  started_at  timestamptz not null,
  finished_at timestamptz,
  message     text
);
create index job_results_by_job on job_results (job_id, started_at desc);
create index job_results_by_run on job_results (run_id);
