-- Changes of a connection in service that wait until they are validated, and which connection reads what of a site.

-- What would change. Only what is named in `change` changes; the running connection goes on as it is until then.
create table connection_revisions (
  id            text primary key default new_id('revision'),
  connection_id text not null references connections,
  state         text not null default 'pending'
                check (state in ('pending', 'validating', 'valid', 'invalid', 'applied', 'discarded')),
  -- Grows by one with each change; a check counts only for the one that it began with.
  revision      integer not null default 1,
  change        jsonb not null,
  -- What the last check saw, site by site; null before the first.
  checked       jsonb,
  checked_at    timestamptz,
  created_by    text not null references operators,
  created_at    timestamptz not null,
  updated_by    text not null references operators,
  updated_at    timestamptz not null,
  ended_by      text references operators,
  ended_at      timestamptz
);
create unique index connection_revisions_open on connection_revisions (connection_id)
  where state not in ('applied', 'discarded');
create index connection_revisions_by_connection on connection_revisions (connection_id);
create index connection_revisions_by_creator on connection_revisions (created_by);
create index connection_revisions_by_changer on connection_revisions (updated_by);
create index connection_revisions_by_ender on connection_revisions (ended_by);

-- A credential of a revision is not in use before that is applied; it may then take over for another one.
alter table credentials add column revision_id text references connection_revisions;
alter table credentials add column replaces_id text references credentials;
-- No longer in use, but still open to the runs that began with it; its secret is forgotten after the last of them.
alter table credentials add column retired_at timestamptz;
create index credentials_by_revision on credentials (revision_id);
create index credentials_by_replaced on credentials (replaces_id);

-- Which credential serves each listing of the site, as the last check found: [{listing, capability, credentialId}].
alter table connection_sites add column served_by jsonb not null default '[]';

-- One connection reads each capability of a site, however many reach it.
create table site_capabilities (
  site_id       text not null references sites,
  capability    text not null check (capability in ('roster', 'activity', 'permissions', 'reclaim', 'provision')),
  -- Null: a person decided that nobody does.
  connection_id text references connections,
  -- Null: the first that could.
  chosen_by     text references operators,
  since         timestamptz not null,
  -- Since when the connection can no longer read it and no other one can; null while it is read.
  lost_at       timestamptz,
  primary key (site_id, capability),
  check (connection_id is not null or chosen_by is not null)
);
create index site_capabilities_by_connection on site_capabilities (connection_id);
create index site_capabilities_by_chooser on site_capabilities (chosen_by);

-- What a run began with: it goes on with it, whatever is changed meanwhile.
create table run_readers (
  run_id        text not null references runs on delete cascade,
  capability    text not null check (capability in ('roster', 'activity', 'permissions', 'reclaim', 'provision')),
  connection_id text not null references connections,
  primary key (run_id, capability)
);
create index run_readers_by_connection on run_readers (connection_id);

-- So far the connection whose daily job reads a site read all of it; else the one that was added first.
insert into site_capabilities (site_id, capability, connection_id, since)
select distinct on (x.site_id, on_it.capability) x.site_id, on_it.capability, c.id, x.added_at
  from connection_sites x
  join connections c on c.id = x.connection_id
 cross join unnest(c.capabilities) as on_it(capability)
  left join jobs j on j.connection_id = c.id and j.site_id = x.site_id and j.kind = 'refresh-site'
 where c.state = 'published'
 order by x.site_id, on_it.capability, coalesce(j.enabled, false) desc, x.added_at, c.id;
