-- Several processes on one database: which ones live, and what they tell one another of the quotas they share.

create table processes (
  -- As in `leases.holder`.
  holder     text primary key,
  kind       text not null check (kind in ('server', 'server-only', 'worker')),
  version    text not null,
  started_at timestamptz not null,
  -- By the database's clock, so that processes whose clocks differ agree on who lives.
  seen_at    timestamptz not null
);

-- One row a quota of a source, such as an OAuth client's points an hour. Exchanged every few seconds, not per request.
create table quotas (
  key           text primary key,
  -- The UTC hour that the points were spent in; what was spent before it no longer counts.
  hour_at       timestamptz not null,
  points        bigint not null,
  -- Nobody may ask before this instant, as a refusal or a header last told.
  blocked_until timestamptz,
  blocked_by    text check (blocked_by in ('rate-limited', 'quota')),
  updated_at    timestamptz not null
);

-- Requests that a process keeps room for; lapses when it is not heard of again.
create table quota_slots (
  quota_key text not null references quotas on delete cascade,
  holder    text not null,
  slots     integer not null check (slots > 0),
  until     timestamptz not null,
  primary key (quota_key, holder)
);
