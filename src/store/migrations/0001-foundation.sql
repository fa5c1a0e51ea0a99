-- What holds whatever Usher governs: ids, settings, the journal, operators, connections and their credentials.

create sequence id_sequence;

-- A prefix and 12 characters that sort by time: 42 bits of milliseconds since 2020, 18 bits of a sequence, so ids made
-- within one millisecond differ and no two processes of one database make the same one.
create function new_id(prefix text) returns text
language plpgsql volatile
as $$
declare
  alphabet constant text := '0123456789abcdefghjkmnpqrstvwxyz';
  number   constant bigint := (((extract(epoch from clock_timestamp()) * 1000)::bigint - 1577836800000) << 18)
                              | (nextval('id_sequence') & 262143);
begin
  -- Written out: a loop or an aggregate takes 2.6 times as long, and a first sync makes ids by the hundred thousand.
  return prefix || '_'
      || substr(alphabet, ((number >> 55) & 31)::integer + 1, 1)
      || substr(alphabet, ((number >> 50) & 31)::integer + 1, 1)
      || substr(alphabet, ((number >> 45) & 31)::integer + 1, 1)
      || substr(alphabet, ((number >> 40) & 31)::integer + 1, 1)
      || substr(alphabet, ((number >> 35) & 31)::integer + 1, 1)
      || substr(alphabet, ((number >> 30) & 31)::integer + 1, 1)
      || substr(alphabet, ((number >> 25) & 31)::integer + 1, 1)
      || substr(alphabet, ((number >> 20) & 31)::integer + 1, 1)
      || substr(alphabet, ((number >> 15) & 31)::integer + 1, 1)
      || substr(alphabet, ((number >> 10) & 31)::integer + 1, 1)
      || substr(alphabet, ((number >> 5) & 31)::integer + 1, 1)
      || substr(alphabet, (number & 31)::integer + 1, 1);
end
$$;

create table installation_settings (
  name       text primary key,
  value      jsonb not null,
  updated_at timestamptz not null
);

create table journal_entries (
  seq           bigint primary key,
  at            timestamptz(3) not null,
  actor_id      text not null,
  through       text not null,
  entry         text not null,
  subject_id    text,
  detail        jsonb not null,
  personal_hash text,
  previous_hash text not null,
  hash          text not null
);
create index journal_entries_by_subject on journal_entries (subject_id, seq);
create index journal_entries_by_entry on journal_entries (entry, seq);

-- Names, e-mails and free text of an entry. Erasing a row here keeps the chain: the entry holds only its salted hash.
create table journal_personal (
  seq     bigint primary key references journal_entries,
  salt    text not null,
  content text not null
);

create table journal_head (
  only_row boolean primary key default true check (only_row),
  seq      bigint not null,
  hash     text not null
);
insert into journal_head (seq, hash) values (0, repeat('0', 64));

create function refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception '% is append-only', tg_table_name;
end
$$;
create trigger journal_entries_append_only
  before update or delete or truncate on journal_entries
  for each statement execute function refuse_change();

create table operators (
  id         text primary key default new_id('operator'),
  kind       text not null check (kind in ('person', 'service-account')),
  name       text not null,
  email      text,
  roles      text[] not null default '{}',
  created_at timestamptz not null,
  ended_at   timestamptz
);
create unique index operators_service_account_name on operators (name) where kind = 'service-account';
create unique index operators_person_email on operators (lower(email)) where kind = 'person';

create table api_tokens (
  id           text primary key default new_id('token'),
  operator_id  text not null references operators,
  name         text not null,
  token_hash   text not null unique,
  scopes       text[] not null,
  created_at   timestamptz not null,
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create index api_tokens_by_operator on api_tokens (operator_id);

create table connections (
  id           text primary key default new_id('connection'),
  name         text not null,
  source       text not null check (source in ('confluence-cloud', 'confluence-data-center')),
  state        text not null default 'draft' check (state in ('draft', 'validated', 'published', 'paused', 'archived')),
  capabilities text[] not null,
  settings     jsonb not null,
  revision     integer not null default 1,
  created_by   text not null references operators,
  created_at   timestamptz not null,
  updated_at   timestamptz not null
);
create index connections_by_creator on connections (created_by);
create unique index connections_name on connections (lower(name)) where state <> 'archived';

create table connection_owners (
  connection_id text not null references connections,
  email         text not null,
  added_at      timestamptz not null,
  primary key (connection_id, email)
);

create table credentials (
  id                text primary key default new_id('credential'),
  connection_id     text not null references connections,
  kind              text not null check (kind in ('oauth', 'api-token', 'scoped-api-token', 'organization-key')),
  label             text not null,
  account_email     text,
  client_id         text,
  -- Sealed by the secret box: the API token or key; for OAuth the client secret.
  secret            text,
  -- Sealed. The access token is replaced from access_refresh_at on, some time before it ends.
  access_token      text,
  access_refresh_at timestamptz,
  access_expires_at timestamptz,
  refresh_token     text,
  -- Scopes to ask consent for in place of those that the capabilities need; null asks for those.
  asked_scopes      text[],
  scopes            text[],
  -- Source keys of the sites that the credential is known to reach; null where that was never told.
  covered_sites     text[],
  source_account_id text,
  -- Of a key that cannot tell by itself which organization it belongs to, as it was entered.
  organization_id   text,
  expires_at        timestamptz,
  state             text not null default 'active' check (state in ('active', 'needs-reauthorization', 'replaced')),
  -- Compare-and-set: whoever takes the lease or writes a secret raises it. The lease holds a refresh until lease_until.
  version           integer not null default 1,
  lease_until       timestamptz,
  created_at        timestamptz not null,
  updated_at        timestamptz not null
);
create index credentials_by_connection on credentials (connection_id);

-- One authorize link that was given out; used once, within ten minutes.
create table oauth_attempts (
  id            text primary key default new_id('attempt'),
  -- SHA-256 of the state that the link carries.
  state_hash    text not null unique,
  connection_id text not null references connections,
  credential_id text not null references credentials,
  operator_id   text not null references operators,
  scopes        text[] not null,
  redirect_url  text not null,
  created_at    timestamptz not null,
  expires_at    timestamptz not null,
  used_at       timestamptz,
  outcome       text check (outcome in ('authorized', 'declined', 'site-not-covered', 'failed')),
  -- In words, with the sites that the grant covers.
  message       text,
  sites         jsonb not null default '[]'
);
create index oauth_attempts_by_connection on oauth_attempts (connection_id);
create index oauth_attempts_by_credential on oauth_attempts (credential_id);
create index oauth_attempts_by_operator on oauth_attempts (operator_id);

create table sites (
  id                 text primary key default new_id('site'),
  source             text not null check (source in ('confluence-cloud', 'confluence-data-center')),
  source_key         text not null,
  base_url           text not null,
  name               text not null,
  organization_id    text,
  edition            text,
  edition_identifier text,
  mode               text not null default 'observe' check (mode in ('observe', 'act')),
  role_mode          text check (role_mode in ('pre-roles', 'transition', 'roles')),
  health             text not null default 'not-connected'
                     check (health in ('not-connected', 'syncing', 'connected', 'degraded', 'needs-reauthorization')),
  health_detail      jsonb,
  last_synced_at     timestamptz,
  -- The account behind the credential of the last complete run: when it changes, the next run is held.
  last_account_ids   text[],
  revision           integer not null default 1,
  created_at         timestamptz not null,
  unique (source, source_key)
);

create table connection_sites (
  connection_id text not null references connections,
  site_id       text not null references sites,
  -- Newest probes of each capability, saved as they come.
  probes        jsonb not null default '[]',
  forecast      jsonb,
  validated_at  timestamptz,
  added_at      timestamptz not null,
  primary key (connection_id, site_id)
);
create index connection_sites_by_site on connection_sites (site_id);

-- Sites that were asked for before a credential could reach them, as they were typed.
create table wanted_sites (
  connection_id text not null references connections,
  typed         text not null,
  -- Why it could not be joined when it was last tried; null before that.
  problem       text,
  added_at      timestamptz not null,
  primary key (connection_id, typed)
);

-- Work that one process may do at a time: a site's run. Taken over when `until` has passed.
create table leases (
  name   text primary key,
  holder text not null,
  until  timestamptz not null
);
