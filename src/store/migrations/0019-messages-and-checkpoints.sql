-- How messages were sent, webhooks, who is told what, digests, what jobs tell, and signed checkpoints of the journal.

-- Each time that it was tried to send a message.
create table message_attempts (
  message_id  text not null references messages on delete cascade,
  attempt     integer not null,
  at          timestamptz not null,
  took_ms     integer not null,
  outcome     text not null check (outcome in ('sent', 'later', 'failed')),
  -- The SMTP or HTTP code of the answer; null where there was none.
  status_code integer,
  -- What was wrong, in words.
  error       text,
  primary key (message_id, attempt)
);

-- Tries before this one count for nothing: somebody asked to send it again.
alter table messages add column tried_before integer not null default 0;
create index messages_by_recipient on messages (recipient, created_at, id) where channel = 'webhook';

-- Other systems that are told of events.
create table webhooks (
  id              text primary key default new_id('webhook'),
  name            text not null,
  url             text not null,
  -- Kinds of event.
  events          text[] not null check (cardinality(events) > 0),
  -- Sealed by the secret box. The one before signs too until `previous_until`.
  secret          text not null,
  previous_secret text,
  previous_until  timestamptz,
  state           text not null default 'active' check (state in ('active', 'disabled')),
  -- Why it is disabled, in words.
  disabled_reason text,
  -- Since when nothing was delivered; null while all is well.
  failing_since   timestamptz,
  owner_id        text references operators,
  revision        integer not null default 1,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  ended_at        timestamptz
);
create index webhooks_by_owner on webhooks (owner_id);
create unique index webhooks_name on webhooks (lower(name)) where ended_at is null;

-- Who is told of a kind of event, where that is not as it comes with Usher.
create table notification_settings (
  kind       text primary key,
  -- `[{ "to": "connection-owners", "how": "now" }]`.
  receivers  jsonb not null,
  revision   integer not null default 1,
  updated_at timestamptz not null,
  updated_by text not null
);

-- What waits to be told with everything else of the day.
create table digest_items (
  id         bigint generated always as identity primary key,
  recipient  text not null,
  kind       text not null,
  subject_id text,
  data       jsonb not null,
  at         timestamptz not null,
  dedupe_key text unique,
  -- The digest that told it.
  message_id text references messages on delete set null
);
create index digest_items_waiting on digest_items (recipient, at) where message_id is null;
create index digest_items_by_message on digest_items (message_id);

-- What a job tells while it works.
create table job_result_events (
  result_id text not null references job_results on delete cascade,
  seq       integer not null,
  at        timestamptz not null,
  message   text not null,
  primary key (result_id, seq)
);

-- Also begun because something waits for it.
alter table job_results drop constraint job_results_trigger_check;
alter table job_results add check (trigger in ('schedule', 'person', 'publish', 'run', 'work'));

-- What the journal was at a moment, signed; each also leaves the database.
create table journal_checkpoints (
  seq        bigint primary key references journal_entries,
  hash       text not null,
  at         timestamptz(3) not null,
  key_id     text not null,
  -- Ed25519, the raw 32 bytes in base64; so it verifies when the key is no longer in the key file.
  public_key text not null,
  signature  text not null
);
create trigger journal_checkpoints_append_only
  before update or delete or truncate on journal_checkpoints
  for each statement execute function refuse_change();
