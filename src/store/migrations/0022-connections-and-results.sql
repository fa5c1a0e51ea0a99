-- What is told of connections, runs and the results of jobs, and links by which somebody else gives a credential.

-- What a run added, changed and closed by kind of listing, its requests by kind of answer, and the process that had it last.
alter table runs add column step_counts jsonb not null default '{}';
alter table runs add column answers jsonb not null default '{}';
alter table runs add column holder text;
create index runs_by_request on runs (requested_at, id);

alter table job_results add column holder text;
create index job_results_by_start on job_results (started_at, id);

-- By which whoever may consent, or make a token, gives it to a connection without signing in to Usher.
create table consent_links (
  id            text primary key default new_id('consent'),
  connection_id text not null references connections,
  kind          text not null
                check (kind in ('oauth', 'api-token', 'scoped-api-token', 'organization-key', 'personal-access-token')),
  -- The OAuth app that is consented to, or what gets a new secret; null where a new token or key is asked for.
  credential_id text references credentials on delete cascade,
  state         text not null default 'open' check (state in ('open', 'used', 'revoked')),
  -- Whom a mail was sent to; null where the link is handed over in another way.
  email         text,
  note          text,
  -- What went wrong when it was last tried, in words.
  problem       text,
  created_by    text not null references operators,
  created_at    timestamptz not null,
  expires_at    timestamptz not null,
  ended_at      timestamptz
);
create index consent_links_by_connection on consent_links (connection_id, created_at);
create index consent_links_by_credential on consent_links (credential_id);
create index consent_links_by_creator on consent_links (created_by);

-- Where the browser goes back to, a path of Usher's own; and the link that a consent was begun by.
alter table oauth_attempts add column return_to text;
alter table oauth_attempts add column consent_link_id text references consent_links on delete cascade;
create index oauth_attempts_by_link on oauth_attempts (consent_link_id);
