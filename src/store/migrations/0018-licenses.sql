-- What was bought, what the sources tell of it, the license position, what became of reclaimed seats, and capacity.

-- Rights bought for one site or several. Days are calendar days in UTC; a term ends where the next one begins.
create table licenses (
  id               text primary key default new_id('license'),
  name             text not null,
  edition          text not null check (edition in ('free', 'standard', 'premium', 'enterprise', 'data-center')),
  metric           text not null check (metric in ('monthly-seats', 'annual-seats', 'data-center-tier')),
  -- Null: what Atlassian counts is what is billed (monthly).
  quantity         integer check (quantity between 0 and 1000000),
  -- `{"kind": "bands" | "tiers", "steps": [{"upTo": 100, "priceMinor": 655}, …]}`, of a month or, of the other metrics, a year.
  pricing          jsonb not null,
  currency         text not null check (currency ~ '^[A-Z]{3}$'),
  term_start       date not null,
  term_end         date check (term_end > term_start),
  billing_day      smallint check (billing_day between 1 and 31),
  renewal_on       date,
  notice_on        date,
  auto_renew       boolean not null,
  -- What the next term is agreed for; it becomes the quantity when the license renews itself.
  renewal_quantity integer check (renewal_quantity between 0 and 1000000),
  cost_center      text,
  owner_id         text references operators,
  note             text,
  revision         integer not null default 1,
  -- Since when the quantity says what it says: it counts for the billing cycle of that day.
  quantity_since   timestamptz not null,
  -- Up to which day the billing events are settled: realized savings are counted once.
  settled_to       date not null,
  created_by       text not null,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  ended_on         date,
  ended_reason     text
);
create index licenses_by_owner on licenses (owner_id);
create unique index licenses_name on licenses (lower(name)) where ended_on is null;

create table license_sites (
  license_id text not null references licenses,
  site_id    text not null references sites,
  primary key (license_id, site_id)
);
create index license_sites_by_site on license_sites (site_id);

-- What a license said, over time; the newest is open.
create table license_versions (
  license_id text not null references licenses,
  revision   integer not null,
  valid_from timestamptz not null,
  valid_to   timestamptz,
  terms      jsonb not null,
  changed_by text not null,
  primary key (license_id, revision)
);
create unique index license_versions_current on license_versions (license_id) where valid_to is null;

-- Contracts and invoices, whole.
create table license_documents (
  id         text primary key default new_id('document'),
  license_id text not null references licenses,
  name       text not null,
  media_type text not null,
  size_bytes integer not null check (size_bytes between 1 and 10485760),
  sha256     text not null,
  content    bytea not null,
  added_by   text not null,
  added_at   timestamptz not null
);
create index license_documents_by_license on license_documents (license_id, added_at);

-- What a source itself tells of seats bought, over time.
create table site_licenses (
  site_id                text not null references sites,
  valid_from             timestamptz not null,
  valid_to               timestamptz,
  -- Null: unlimited, or not told.
  seats                  integer,
  used_seats             integer,
  expires_at             timestamptz,
  maintenance_expires_at timestamptz,
  origin                 text not null check (origin in ('organization', 'license')),
  observed_at            timestamptz not null,
  primary key (site_id, valid_from)
);
create unique index site_licenses_current on site_licenses (site_id) where valid_to is null;

-- A computation of the license position. Nothing of it is changed afterwards.
create table position_snapshots (
  id          text primary key default new_id('position'),
  seq         bigint generated always as identity unique,
  at          timestamptz not null,
  -- The oldest sync of a site that it rests on.
  data_as_of  timestamptz,
  computed_by text not null,
  took_ms     integer not null
);
create index position_snapshots_by_time on position_snapshots (at, id);

-- A line of numbers: of a product, of an edition at a site, or of a license.
create table position_lines (
  snapshot_id text not null references position_snapshots,
  position    integer not null,
  level       text not null check (level in ('product', 'edition', 'license')),
  product     text not null,
  site_id     text references sites,
  license_id  text references licenses,
  edition     text,
  metric      text,
  status      text not null check (status in ('covered', 'over', 'short', 'unknown')),
  -- Null: nobody has entered what was bought.
  owned       integer,
  used        integer not null,
  free        integer,
  short       integer,
  -- Used apart from those that are not counted.
  excluded    integer not null,
  unmapped    integer not null,
  guests      integer not null,
  active      integer not null,
  idle        integer not null,
  never_used  integer not null,
  no_evidence integer not null,
  pending     integer not null,
  -- One entry a currency and period.
  money       jsonb not null,
  -- What can be done about a shortage or a surplus, each with its cost.
  ways        jsonb not null,
  -- The numbers by cost center and department, with their share of the cost.
  shares      jsonb not null,
  primary key (snapshot_id, position)
);
create index position_lines_by_site on position_lines (site_id);
create index position_lines_by_license on position_lines (license_id);

-- Which seat, or guest, stood behind the numbers: true of the snapshots from `from_seq` on and before `to_seq`. Only what
-- differs from the snapshot before is written.
create table position_seats (
  site_id     text not null,
  account_id  text not null,
  from_seq    bigint not null references position_snapshots (seq),
  to_seq      bigint references position_snapshots (seq),
  -- Null of a guest.
  seat_id     text,
  status      text check (status in ('active', 'idle', 'never-used', 'no-evidence')),
  is_excluded boolean not null,
  is_unmapped boolean not null,
  is_pending  boolean not null,
  cost_center text,
  department  text,
  primary key (site_id, account_id, from_seq),
  foreign key (site_id, account_id) references accounts
);
create unique index position_seats_current on position_seats (site_id, account_id) where to_seq is null;
create index position_seats_begun on position_seats (from_seq);
create index position_seats_ended on position_seats (to_seq) where to_seq is not null;

create function refuse_reopening() returns trigger
language plpgsql
as $$
begin
  if old.to_seq is null and new.to_seq is not null
     and (to_jsonb(new) - 'to_seq') = (to_jsonb(old) - 'to_seq') then
    return new;
  end if;
  raise exception '% is append-only: a row may only end', tg_table_name;
end
$$;
create trigger position_snapshots_immutable
  before update or delete or truncate on position_snapshots
  for each statement execute function refuse_change();
create trigger position_lines_immutable
  before update or delete or truncate on position_lines
  for each statement execute function refuse_change();
create trigger position_seats_kept
  before delete or truncate on position_seats
  for each statement execute function refuse_change();
create trigger position_seats_only_end
  before update on position_seats
  for each row execute function refuse_reopening();

-- What a reclaimed seat really took off a bill: counted at its first billing event, and never again.
create table license_savings (
  candidate_id text primary key references candidates,
  license_id   text not null references licenses,
  site_id      text not null,
  account_id   text not null,
  event_on     date not null,
  -- Of one period of the license: a month, or a year.
  saved_minor  bigint not null,
  currency     text not null,
  period       text not null check (period in ('month', 'year')),
  counted_at   timestamptz not null,
  foreign key (site_id, account_id) references accounts
);
create index license_savings_by_license on license_savings (license_id, event_on);
create index license_savings_by_account on license_savings (site_id, account_id);

-- Who is told when so many seats of a site are used.
create table capacity_alerts (
  id         text primary key default new_id('alert'),
  site_id    text not null references sites,
  unit       text not null check (unit in ('percent', 'seats')),
  threshold  integer not null check (threshold between 1 and 1000000),
  recipients text[] not null check (cardinality(recipients) > 0),
  -- Set when it was crossed; null again once fewer are used.
  crossed_at timestamptz,
  created_by text not null,
  created_at timestamptz not null
);
create unique index capacity_alerts_once on capacity_alerts (site_id, unit, threshold);

alter table imports drop constraint imports_kind_check;
alter table imports add constraint imports_kind_check check (kind in ('people', 'accounts', 'evidence', 'licenses'));
