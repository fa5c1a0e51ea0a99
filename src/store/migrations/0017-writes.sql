-- Writing to sources: what was proved of it, and the key of a SCIM directory.

-- One trial of write access: a temporary group was made, used and deleted because a person asked for it.
create table write_proofs (
  id              text primary key default new_id('proof'),
  connection_id   text not null references connections,
  site_id         text not null references sites,
  requested_by    text not null references operators,
  -- No other group bears it; recorded before anything is sent, so that what a process that died left is found by it.
  group_name      text not null unique,
  -- Null until the source told it.
  group_source_id text,
  -- False once it is sure that there is no such group at the source.
  may_be_left     boolean not null default true,
  state           text not null default 'running' check (state in ('running', 'proved', 'failed', 'interrupted')),
  steps           jsonb not null default '[]',
  -- Why it failed, and what to do; null unless it did.
  problem         jsonb,
  started_at      timestamptz not null,
  finished_at     timestamptz,
  check ((state = 'running') = (finished_at is null))
);
create index write_proofs_by_site on write_proofs (site_id, started_at desc);
create index write_proofs_by_connection on write_proofs (connection_id, site_id, started_at desc);
create index write_proofs_by_operator on write_proofs (requested_by);
create index write_proofs_left on write_proofs (site_id) where may_be_left;

-- The key of a directory that an identity provider writes by SCIM opens that directory alone.
alter table credentials drop constraint credentials_kind_check;
alter table credentials add constraint credentials_kind_check
  check (kind in ('oauth', 'api-token', 'scoped-api-token', 'organization-key', 'scim-key', 'personal-access-token',
                  'basic'));
alter table credentials add column directory_id text;
alter table credentials add constraint credentials_directory_check
  check ((kind = 'scim-key') = (directory_id is not null));
