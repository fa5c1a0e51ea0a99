-- Made by `npm run generate` from the migrations; for reading, not for running.

create sequence digest_items_id_seq;

create sequence id_sequence;

create sequence position_snapshots_seq_seq;

CREATE OR REPLACE FUNCTION public.new_id(prefix text)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name;
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_deletion_but_of_sample()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  allowed boolean;
begin
  if tg_table_name = 'position_snapshots' then
    allowed := old.is_sample;
  elsif tg_table_name = 'position_lines' then
    select s.is_sample into allowed from position_snapshots s where s.id = old.snapshot_id;
  elsif tg_table_name = 'position_seats' then
    select s.is_sample into allowed from sites s where s.id = old.site_id;
  end if;
  if coalesce(allowed, false) then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name;
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_reopening()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.to_seq is null and new.to_seq is not null
     and (to_jsonb(new) - 'to_seq') = (to_jsonb(old) - 'to_seq') then
    return new;
  end if;
  raise exception '% is append-only: a row may only end', tg_table_name;
end
$function$;

create table account_attributes (
  site_id text not null,
  account_id text not null,
  name text not null,
  value text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  constraint account_attributes_pkey PRIMARY KEY (site_id, account_id, name, valid_from),
  constraint account_attributes_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id)
);
CREATE UNIQUE INDEX account_attributes_current ON public.account_attributes USING btree (site_id, account_id, name) WHERE (valid_to IS NULL);

create table account_matches (
  site_id text not null,
  account_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  situation text not null,
  method text,
  rule_id text,
  confidence text,
  person_id text,
  candidates text[] not null,
  decided_by text not null,
  reason text,
  constraint account_matches_pkey PRIMARY KEY (site_id, account_id, valid_from),
  constraint account_matches_confidence_check CHECK ((confidence = ANY (ARRAY['exact'::text, 'likely'::text]))),
  constraint account_matches_method_check CHECK ((method = ANY (ARRAY['rule'::text, 'manual'::text, 'account-type'::text]))),
  constraint account_matches_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint account_matches_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id),
  constraint account_matches_situation_check CHECK ((situation = ANY (ARRAY['matched'::text, 'unmatched'::text, 'ambiguous'::text, 'conflicting'::text, 'ignored'::text])))
);
CREATE INDEX account_matches_by_person ON public.account_matches USING btree (person_id);
CREATE INDEX account_matches_by_situation ON public.account_matches USING btree (situation) WHERE (valid_to IS NULL);
CREATE UNIQUE INDEX account_matches_current ON public.account_matches USING btree (site_id, account_id) WHERE (valid_to IS NULL);

create table account_summaries (
  site_id text not null,
  account_id text not null,
  person_id text not null,
  account_class text not null,
  account_type text not null,
  account_status text not null,
  display_name text not null,
  email text,
  department text,
  job_title text,
  is_managed boolean,
  groups_count integer not null,
  spaces_count integer,
  events_90d integer not null,
  seat_id text,
  seat_status text,
  seat_since timestamp with time zone,
  edition text,
  price_minor integer,
  price_currency text,
  last_activity_at timestamp with time zone,
  last_activity_kind text,
  last_activity_summary text,
  search_text text not null,
  sort_key text collate "C" not null,
  constraint account_summaries_pkey PRIMARY KEY (site_id, account_id),
  constraint account_summaries_seat_status_check CHECK ((seat_status = ANY (ARRAY['active'::text, 'idle'::text, 'never-used'::text, 'no-evidence'::text]))),
  constraint account_summaries_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id)
);
CREATE INDEX account_summaries_by_class ON public.account_summaries USING btree (site_id, account_class);
CREATE INDEX account_summaries_by_name ON public.account_summaries USING btree (sort_key, account_id);
CREATE INDEX account_summaries_by_person ON public.account_summaries USING btree (person_id);
CREATE INDEX account_summaries_by_status ON public.account_summaries USING btree (site_id, seat_status) WHERE (seat_id IS NOT NULL);

create table account_versions (
  site_id text not null,
  account_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  account_type text not null,
  status text not null,
  is_guest boolean not null,
  is_suspended boolean,
  is_managed boolean,
  has_access boolean,
  display_name text not null,
  public_name text,
  given_name text,
  middle_name text,
  family_name text,
  email text,
  department text,
  job_title text,
  location text,
  time_zone text,
  added_at timestamp with time zone,
  origins jsonb not null,
  sort_key text collate "C" not null,
  constraint account_versions_pkey PRIMARY KEY (site_id, account_id, valid_from),
  constraint account_versions_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id)
);
CREATE INDEX account_versions_begun ON public.account_versions USING brin (valid_from);
CREATE INDEX account_versions_by_name ON public.account_versions USING btree (site_id, display_name);
CREATE UNIQUE INDEX account_versions_current ON public.account_versions USING btree (site_id, account_id) WHERE (valid_to IS NULL);
CREATE INDEX account_versions_ended ON public.account_versions USING btree (site_id, valid_to) WHERE (valid_to IS NOT NULL);

create table accounts (
  site_id text not null,
  id text not null default new_id('account'::text),
  source_id text not null,
  person_id text not null,
  first_seen_at timestamp with time zone not null,
  own_person_id text,
  constraint accounts_pkey PRIMARY KEY (site_id, id),
  constraint accounts_own_person_id_fkey FOREIGN KEY (own_person_id) REFERENCES people(id),
  constraint accounts_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint accounts_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint accounts_site_id_source_id_key UNIQUE (site_id, source_id)
);
CREATE UNIQUE INDEX accounts_by_id ON public.accounts USING btree (id);
CREATE INDEX accounts_by_own_person ON public.accounts USING btree (own_person_id);
CREATE INDEX accounts_by_person ON public.accounts USING btree (person_id);

create table actions (
  id text not null default new_id('action'::text),
  plan_id text,
  position integer,
  site_id text not null,
  account_id text,
  kind text not null,
  target jsonb not null,
  state text not null default 'planned'::text,
  sent_at timestamp with time zone,
  attempts integer not null default 0,
  next_at timestamp with time zone not null,
  holder text,
  planned_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  before jsonb,
  after jsonb,
  outcome jsonb,
  answered_at timestamp with time zone,
  reported_at timestamp with time zone,
  reported_by text,
  constraint actions_pkey PRIMARY KEY (id),
  constraint actions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  constraint actions_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint actions_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'running'::text, 'done'::text, 'failed'::text, 'unverified'::text, 'skipped'::text])))
);
CREATE INDEX actions_by_account ON public.actions USING btree (site_id, account_id);
CREATE INDEX actions_by_plan ON public.actions USING btree (plan_id, "position");
CREATE INDEX actions_due ON public.actions USING btree (next_at) WHERE (state = ANY (ARRAY['planned'::text, 'running'::text]));
CREATE INDEX actions_waiting ON public.actions USING btree (site_id, next_at) WHERE (state = ANY (ARRAY['planned'::text, 'running'::text]));

create table activity_event_subjects (
  site_id text not null,
  source text not null,
  event_id text not null,
  account_id text not null,
  type text not null,
  summary text not null,
  occurred_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  constraint activity_event_subjects_pkey PRIMARY KEY (site_id, source, event_id, account_id),
  constraint activity_event_subjects_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id)
);
CREATE INDEX activity_event_subjects_by_account ON public.activity_event_subjects USING btree (site_id, account_id, occurred_at DESC);
CREATE INDEX activity_event_subjects_by_time ON public.activity_event_subjects USING btree (occurred_at, (((((((source || '/'::text) || event_id) || '/'::text) || site_id) || '/'::text) || account_id)) COLLATE "C");

create table activity_events (
  site_id text not null,
  source text not null,
  event_id text not null,
  account_id text not null,
  type text not null,
  summary text not null,
  occurred_at timestamp with time zone not null,
  space_key text,
  path text,
  seen_at timestamp with time zone not null,
  constraint activity_events_pkey PRIMARY KEY (site_id, source, event_id)
);
CREATE INDEX activity_events_by_account ON public.activity_events USING btree (site_id, account_id, occurred_at DESC);
CREATE INDEX activity_events_by_space ON public.activity_events USING btree (site_id, space_key, occurred_at DESC) WHERE (space_key IS NOT NULL);
CREATE INDEX activity_events_by_time ON public.activity_events USING btree (occurred_at, (((((source || '/'::text) || event_id) || '/'::text) || site_id)) COLLATE "C");
CREATE INDEX activity_events_seen ON public.activity_events USING brin (seen_at);

create table api_tokens (
  id text not null default new_id('token'::text),
  operator_id text not null,
  name text not null,
  token_hash text not null,
  scopes text[] not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  made_by text,
  constraint api_tokens_pkey PRIMARY KEY (id),
  constraint api_tokens_made_by_fkey FOREIGN KEY (made_by) REFERENCES operators(id),
  constraint api_tokens_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operators(id),
  constraint api_tokens_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX api_tokens_by_maker ON public.api_tokens USING btree (made_by);
CREATE INDEX api_tokens_by_operator ON public.api_tokens USING btree (operator_id);

create table candidate_steps (
  candidate_id text not null,
  seq integer not null,
  at timestamp with time zone not null,
  from_state text,
  to_state text not null,
  actor_id text not null,
  reason text,
  evidence jsonb not null,
  detail jsonb not null default '{}'::jsonb,
  constraint candidate_steps_pkey PRIMARY KEY (candidate_id, seq),
  constraint candidate_steps_candidate_id_fkey FOREIGN KEY (candidate_id) REFERENCES candidates(id)
);

create table candidates (
  id text not null default new_id('candidate'::text),
  site_id text not null,
  account_id text not null,
  seat_id text,
  rule_id text,
  rule_revision integer,
  proposed_by text,
  proposed_reason text,
  settings jsonb not null,
  state text not null,
  revision integer not null default 1,
  because jsonb not null,
  detected_at timestamp with time zone not null,
  state_since timestamp with time zone not null,
  due_at timestamp with time zone,
  asked_at timestamp with time zone,
  reminders_sent integer not null default 0,
  answer text,
  answered_at timestamp with time zone,
  leave_until timestamp with time zone,
  decider_person text,
  decider_email text,
  decided_by text,
  kept_until timestamp with time zone,
  scheduled_for timestamp with time zone,
  plan_id text,
  attention jsonb,
  saves_minor bigint,
  saves_currency text,
  saves_from timestamp with time zone,
  closed_at timestamp with time zone,
  lacks_evidence boolean not null default false,
  last_used_at timestamp with time zone,
  waits jsonb,
  constraint candidates_pkey PRIMARY KEY (id),
  constraint candidates_answer_check CHECK ((answer = ANY (ARRAY['keep'::text, 'give-back'::text, 'on-leave'::text, 'none'::text]))),
  constraint candidates_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  constraint candidates_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES operators(id),
  constraint candidates_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES reclamation_rules(id),
  constraint candidates_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id),
  constraint candidates_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint candidates_state_check CHECK ((state = ANY (ARRAY['detected'::text, 'ready'::text, 'asking'::text, 'deciding'::text, 'scheduled'::text, 'executing'::text, 'reclaimed'::text, 'restored'::text, 'attention'::text, 'kept'::text, 'canceled'::text, 'excluded'::text, 'superseded'::text, 'gone'::text])))
);
CREATE INDEX candidates_by_account ON public.candidates USING btree (site_id, account_id);
CREATE INDEX candidates_by_decider ON public.candidates USING btree (decider_person) WHERE (decider_person IS NOT NULL);
CREATE INDEX candidates_by_plan ON public.candidates USING btree (plan_id);
CREATE INDEX candidates_by_proposer ON public.candidates USING btree (proposed_by);
CREATE INDEX candidates_by_rule ON public.candidates USING btree (rule_id, state);
CREATE INDEX candidates_by_state ON public.candidates USING btree (state, state_since) WHERE (closed_at IS NULL);
CREATE INDEX candidates_by_time ON public.candidates USING btree (detected_at, id);
CREATE INDEX candidates_due ON public.candidates USING btree (due_at) WHERE (closed_at IS NULL);
CREATE INDEX candidates_kept ON public.candidates USING btree (site_id, account_id, kept_until) WHERE (state = 'kept'::text);
CREATE UNIQUE INDEX candidates_open ON public.candidates USING btree (site_id, account_id) WHERE (closed_at IS NULL);

create table capacity_alerts (
  id text not null default new_id('alert'::text),
  site_id text not null,
  unit text not null,
  threshold integer not null,
  recipients text[] not null,
  crossed_at timestamp with time zone,
  created_by text not null,
  created_at timestamp with time zone not null,
  constraint capacity_alerts_pkey PRIMARY KEY (id),
  constraint capacity_alerts_recipients_check CHECK ((cardinality(recipients) > 0)),
  constraint capacity_alerts_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint capacity_alerts_threshold_check CHECK (((threshold >= 1) AND (threshold <= 1000000))),
  constraint capacity_alerts_unit_check CHECK ((unit = ANY (ARRAY['percent'::text, 'seats'::text])))
);
CREATE UNIQUE INDEX capacity_alerts_once ON public.capacity_alerts USING btree (site_id, unit, threshold);

create table connection_owners (
  connection_id text not null,
  email text not null,
  added_at timestamp with time zone not null,
  constraint connection_owners_pkey PRIMARY KEY (connection_id, email),
  constraint connection_owners_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id)
);

create table connection_revisions (
  id text not null default new_id('revision'::text),
  connection_id text not null,
  state text not null default 'pending'::text,
  revision integer not null default 1,
  change jsonb not null,
  checked jsonb,
  checked_at timestamp with time zone,
  created_by text not null,
  created_at timestamp with time zone not null,
  updated_by text not null,
  updated_at timestamp with time zone not null,
  ended_by text,
  ended_at timestamp with time zone,
  constraint connection_revisions_pkey PRIMARY KEY (id),
  constraint connection_revisions_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id),
  constraint connection_revisions_created_by_fkey FOREIGN KEY (created_by) REFERENCES operators(id),
  constraint connection_revisions_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES operators(id),
  constraint connection_revisions_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'validating'::text, 'valid'::text, 'invalid'::text, 'applied'::text, 'discarded'::text]))),
  constraint connection_revisions_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES operators(id)
);
CREATE INDEX connection_revisions_by_changer ON public.connection_revisions USING btree (updated_by);
CREATE INDEX connection_revisions_by_connection ON public.connection_revisions USING btree (connection_id);
CREATE INDEX connection_revisions_by_creator ON public.connection_revisions USING btree (created_by);
CREATE INDEX connection_revisions_by_ender ON public.connection_revisions USING btree (ended_by);
CREATE UNIQUE INDEX connection_revisions_open ON public.connection_revisions USING btree (connection_id) WHERE (state <> ALL (ARRAY['applied'::text, 'discarded'::text]));

create table connection_sites (
  connection_id text not null,
  site_id text not null,
  probes jsonb not null default '[]'::jsonb,
  forecast jsonb,
  validated_at timestamp with time zone,
  added_at timestamp with time zone not null,
  served_by jsonb not null default '[]'::jsonb,
  constraint connection_sites_pkey PRIMARY KEY (connection_id, site_id),
  constraint connection_sites_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id),
  constraint connection_sites_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);
CREATE INDEX connection_sites_by_site ON public.connection_sites USING btree (site_id);

create table connections (
  id text not null default new_id('connection'::text),
  name text not null,
  source text not null,
  state text not null default 'draft'::text,
  capabilities text[] not null,
  settings jsonb not null,
  revision integer not null default 1,
  created_by text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  is_sample boolean not null default false,
  constraint connections_pkey PRIMARY KEY (id),
  constraint connections_created_by_fkey FOREIGN KEY (created_by) REFERENCES operators(id),
  constraint connections_source_check CHECK ((source = ANY (ARRAY['confluence-cloud'::text, 'confluence-data-center'::text]))),
  constraint connections_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'validated'::text, 'published'::text, 'paused'::text, 'archived'::text])))
);
CREATE INDEX connections_by_creator ON public.connections USING btree (created_by);
CREATE UNIQUE INDEX connections_name ON public.connections USING btree (lower(name)) WHERE (state <> 'archived'::text);
CREATE INDEX connections_of_sample ON public.connections USING btree (id) WHERE is_sample;

create table consent_links (
  id text not null default new_id('consent'::text),
  connection_id text not null,
  kind text not null,
  credential_id text,
  state text not null default 'open'::text,
  email text,
  note text,
  problem text,
  created_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint consent_links_pkey PRIMARY KEY (id),
  constraint consent_links_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id),
  constraint consent_links_created_by_fkey FOREIGN KEY (created_by) REFERENCES operators(id),
  constraint consent_links_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES credentials(id) ON DELETE CASCADE,
  constraint consent_links_kind_check CHECK ((kind = ANY (ARRAY['oauth'::text, 'api-token'::text, 'scoped-api-token'::text, 'organization-key'::text, 'personal-access-token'::text]))),
  constraint consent_links_state_check CHECK ((state = ANY (ARRAY['open'::text, 'used'::text, 'revoked'::text])))
);
CREATE INDEX consent_links_by_connection ON public.consent_links USING btree (connection_id, created_at);
CREATE INDEX consent_links_by_creator ON public.consent_links USING btree (created_by);
CREATE INDEX consent_links_by_credential ON public.consent_links USING btree (credential_id);

create table credentials (
  id text not null default new_id('credential'::text),
  connection_id text not null,
  kind text not null,
  label text not null,
  account_email text,
  client_id text,
  secret text,
  access_token text,
  access_refresh_at timestamp with time zone,
  access_expires_at timestamp with time zone,
  refresh_token text,
  asked_scopes text[],
  scopes text[],
  covered_sites text[],
  source_account_id text,
  organization_id text,
  expires_at timestamp with time zone,
  state text not null default 'active'::text,
  version integer not null default 1,
  lease_until timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  username text,
  revision_id text,
  replaces_id text,
  retired_at timestamp with time zone,
  directory_id text,
  constraint credentials_pkey PRIMARY KEY (id),
  constraint credentials_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id),
  constraint credentials_directory_check CHECK (((kind = 'scim-key'::text) = (directory_id IS NOT NULL))),
  constraint credentials_kind_check CHECK ((kind = ANY (ARRAY['oauth'::text, 'api-token'::text, 'scoped-api-token'::text, 'organization-key'::text, 'scim-key'::text, 'personal-access-token'::text, 'basic'::text]))),
  constraint credentials_replaces_id_fkey FOREIGN KEY (replaces_id) REFERENCES credentials(id),
  constraint credentials_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES connection_revisions(id),
  constraint credentials_state_check CHECK ((state = ANY (ARRAY['active'::text, 'needs-reauthorization'::text, 'replaced'::text])))
);
CREATE INDEX credentials_by_connection ON public.credentials USING btree (connection_id);
CREATE INDEX credentials_by_replaced ON public.credentials USING btree (replaces_id);
CREATE INDEX credentials_by_revision ON public.credentials USING btree (revision_id);

create table digest_items (
  id bigint not null generated as identity,
  recipient text not null,
  kind text not null,
  subject_id text,
  data jsonb not null,
  at timestamp with time zone not null,
  dedupe_key text,
  message_id text,
  constraint digest_items_pkey PRIMARY KEY (id),
  constraint digest_items_dedupe_key_key UNIQUE (dedupe_key),
  constraint digest_items_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id) ON DELETE SET NULL
);
CREATE INDEX digest_items_by_message ON public.digest_items USING btree (message_id);
CREATE INDEX digest_items_waiting ON public.digest_items USING btree (recipient, at) WHERE (message_id IS NULL);

create table edition_identifiers (
  id text not null default new_id('identifier'::text),
  source text not null,
  identifier text not null,
  edition text,
  origin text,
  first_seen_at timestamp with time zone,
  decided_by text,
  decided_at timestamp with time zone,
  constraint edition_identifiers_pkey PRIMARY KEY (id),
  constraint edition_identifiers_check CHECK (((edition IS NULL) = (origin IS NULL))),
  constraint edition_identifiers_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES operators(id),
  constraint edition_identifiers_edition_fkey FOREIGN KEY (edition) REFERENCES editions(id),
  constraint edition_identifiers_origin_check CHECK ((origin = ANY (ARRAY['built-in'::text, 'source'::text, 'person'::text]))),
  constraint edition_identifiers_source_check CHECK ((source = ANY (ARRAY['confluence-cloud'::text, 'confluence-data-center'::text])))
);
CREATE INDEX edition_identifiers_by_edition ON public.edition_identifiers USING btree (edition);
CREATE INDEX edition_identifiers_by_operator ON public.edition_identifiers USING btree (decided_by);
CREATE UNIQUE INDEX edition_identifiers_name ON public.edition_identifiers USING btree (source, lower(identifier));

create table editions (
  id text not null,
  name text not null,
  position integer not null,
  constraint editions_pkey PRIMARY KEY (id),
  constraint editions_position_key UNIQUE ("position")
);

create table evidence (
  site_id text not null,
  account_id text not null,
  kind text not null,
  source text not null,
  last_at timestamp with time zone,
  known_since timestamp with time zone,
  known_until timestamp with time zone not null,
  is_told boolean not null default true,
  constraint evidence_pkey PRIMARY KEY (site_id, account_id, kind, source),
  constraint evidence_kind_check CHECK ((kind = ANY (ARRAY['viewed'::text, 'contributed'::text, 'administered'::text, 'authenticated'::text])))
);

create table evidence_windows (
  site_id text not null,
  kind text not null,
  source text not null,
  known_since timestamp with time zone,
  known_until timestamp with time zone not null,
  constraint evidence_windows_pkey PRIMARY KEY (site_id, kind, source),
  constraint evidence_windows_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

create table exclusion_hits (
  rule_id text not null,
  site_id text not null,
  account_id text not null,
  effects text[] not null,
  until timestamp with time zone,
  since timestamp with time zone not null,
  constraint exclusion_hits_pkey PRIMARY KEY (rule_id, site_id, account_id),
  constraint exclusion_hits_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES exclusion_rules(id),
  constraint exclusion_hits_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id)
);
CREATE INDEX exclusion_hits_by_account ON public.exclusion_hits USING btree (site_id, account_id);

create table exclusion_rules (
  id text not null default new_id('exclusion'::text),
  name text not null,
  condition jsonb not null,
  site_ids text[],
  effects text[] not null,
  reason text not null,
  built_in text,
  is_enabled boolean not null default true,
  expires_at timestamp with time zone,
  warned_at timestamp with time zone,
  owner_id text,
  revision integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  off_reason text,
  constraint exclusion_rules_pkey PRIMARY KEY (id),
  constraint exclusion_rules_built_in CHECK ((built_in = ANY (ARRAY['credential-account'::text, 'break-glass-admins'::text, 'app-accounts'::text, 'last-space-admin'::text]))),
  constraint exclusion_rules_built_in_key UNIQUE (built_in),
  constraint exclusion_rules_check CHECK (((expires_at IS NOT NULL) OR (built_in IS NOT NULL))),
  constraint exclusion_rules_effects_check CHECK (((effects <@ ARRAY['not-counted'::text, 'no-reclaim'::text, 'no-review'::text, 'no-notify'::text]) AND (cardinality(effects) > 0))),
  constraint exclusion_rules_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES operators(id)
);
CREATE INDEX exclusion_rules_by_owner ON public.exclusion_rules USING btree (owner_id);
CREATE INDEX exclusion_rules_expiring ON public.exclusion_rules USING btree (expires_at) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX exclusion_rules_name ON public.exclusion_rules USING btree (lower(name)) WHERE (ended_at IS NULL);

create table group_closure (
  site_id text not null,
  group_id text not null,
  member_group_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  constraint group_closure_pkey PRIMARY KEY (site_id, group_id, member_group_id, valid_from),
  constraint group_closure_site_id_group_id_fkey FOREIGN KEY (site_id, group_id) REFERENCES groups(site_id, id),
  constraint group_closure_site_id_member_group_id_fkey FOREIGN KEY (site_id, member_group_id) REFERENCES groups(site_id, id)
);
CREATE INDEX group_closure_by_member ON public.group_closure USING btree (site_id, member_group_id);
CREATE UNIQUE INDEX group_closure_current ON public.group_closure USING btree (site_id, group_id, member_group_id) WHERE (valid_to IS NULL);

create table group_nestings (
  site_id text not null,
  group_id text not null,
  member_group_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  constraint group_nestings_pkey PRIMARY KEY (site_id, group_id, member_group_id, valid_from),
  constraint group_nestings_site_id_group_id_fkey FOREIGN KEY (site_id, group_id) REFERENCES groups(site_id, id),
  constraint group_nestings_site_id_member_group_id_fkey FOREIGN KEY (site_id, member_group_id) REFERENCES groups(site_id, id)
);
CREATE INDEX group_nestings_by_member ON public.group_nestings USING btree (site_id, member_group_id);
CREATE UNIQUE INDEX group_nestings_current ON public.group_nestings USING btree (site_id, group_id, member_group_id) WHERE (valid_to IS NULL);

create table group_versions (
  site_id text not null,
  group_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  name text not null,
  managed_by text,
  usage text,
  sort_key text collate "C" not null,
  constraint group_versions_pkey PRIMARY KEY (site_id, group_id, valid_from),
  constraint group_versions_site_id_group_id_fkey FOREIGN KEY (site_id, group_id) REFERENCES groups(site_id, id)
);
CREATE UNIQUE INDEX group_versions_current ON public.group_versions USING btree (site_id, group_id) WHERE (valid_to IS NULL);
CREATE INDEX group_versions_ended ON public.group_versions USING btree (site_id, valid_to) WHERE (valid_to IS NOT NULL);

create table groups (
  site_id text not null,
  id text not null default new_id('group'::text),
  source_id text not null,
  first_seen_at timestamp with time zone not null,
  constraint groups_pkey PRIMARY KEY (site_id, id),
  constraint groups_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint groups_site_id_source_id_key UNIQUE (site_id, source_id)
);
CREATE UNIQUE INDEX groups_by_id ON public.groups USING btree (id);

create table import_rows (
  import_id text not null,
  row_number integer not null,
  data jsonb not null,
  errors jsonb not null default '[]'::jsonb,
  constraint import_rows_pkey PRIMARY KEY (import_id, row_number),
  constraint import_rows_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id) ON DELETE CASCADE
);

create table imports (
  id text not null default new_id('import'::text),
  kind text not null,
  state text not null default 'reading'::text,
  file_name text,
  file_sha256 text,
  options jsonb not null,
  columns jsonb not null default '[]'::jsonb,
  counts jsonb not null default '{}'::jsonb,
  based_on text,
  created_by text not null,
  created_at timestamp with time zone not null,
  applied_by text,
  applied_at timestamp with time zone,
  constraint imports_pkey PRIMARY KEY (id),
  constraint imports_based_on_fkey FOREIGN KEY (based_on) REFERENCES imports(id),
  constraint imports_kind_check CHECK ((kind = ANY (ARRAY['people'::text, 'accounts'::text, 'evidence'::text, 'licenses'::text]))),
  constraint imports_state_check CHECK ((state = ANY (ARRAY['reading'::text, 'previewed'::text, 'applied'::text])))
);
CREATE INDEX imports_by_base ON public.imports USING btree (based_on);
CREATE INDEX imports_by_time ON public.imports USING btree (created_at, id);

create table installation_settings (
  name text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null,
  constraint installation_settings_pkey PRIMARY KEY (name)
);

create table job_result_events (
  result_id text not null,
  seq integer not null,
  at timestamp with time zone not null,
  message text not null,
  constraint job_result_events_pkey PRIMARY KEY (result_id, seq),
  constraint job_result_events_result_id_fkey FOREIGN KEY (result_id) REFERENCES job_results(id) ON DELETE CASCADE
);

create table job_results (
  id text not null default new_id('result'::text),
  job_id text not null,
  state text not null,
  trigger text not null,
  run_id text,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  message text,
  holder text,
  constraint job_results_pkey PRIMARY KEY (id),
  constraint job_results_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id),
  constraint job_results_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE SET NULL,
  constraint job_results_state_check CHECK ((state = ANY (ARRAY['running'::text, 'succeeded'::text, 'partial'::text, 'failed'::text, 'canceled'::text, 'held'::text, 'skipped'::text]))),
  constraint job_results_trigger_check CHECK ((trigger = ANY (ARRAY['schedule'::text, 'person'::text, 'publish'::text, 'run'::text, 'work'::text])))
);
CREATE INDEX job_results_by_job ON public.job_results USING btree (job_id, started_at DESC);
CREATE INDEX job_results_by_run ON public.job_results USING btree (run_id);
CREATE INDEX job_results_by_start ON public.job_results USING btree (started_at, id);

create table jobs (
  id text not null default new_id('job'::text),
  name text not null,
  kind text not null,
  connection_id text,
  site_id text,
  cron text not null,
  enabled boolean not null default true,
  created_at timestamp with time zone not null,
  is_switched_off boolean not null default false,
  constraint jobs_pkey PRIMARY KEY (id),
  constraint jobs_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id),
  constraint jobs_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);
CREATE INDEX jobs_by_connection ON public.jobs USING btree (connection_id);
CREATE INDEX jobs_by_site ON public.jobs USING btree (site_id);
CREATE UNIQUE INDEX jobs_once ON public.jobs USING btree (kind, COALESCE(connection_id, ''::text), COALESCE(site_id, ''::text));

create table journal_checkpoints (
  seq bigint not null,
  hash text not null,
  at timestamp(3) with time zone not null,
  key_id text not null,
  public_key text not null,
  signature text not null,
  constraint journal_checkpoints_pkey PRIMARY KEY (seq),
  constraint journal_checkpoints_seq_fkey FOREIGN KEY (seq) REFERENCES journal_entries(seq)
);
CREATE TRIGGER journal_checkpoints_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.journal_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table journal_entries (
  seq bigint not null,
  at timestamp(3) with time zone not null,
  actor_id text not null,
  through text not null,
  entry text not null,
  subject_id text,
  detail jsonb not null,
  personal_hash text,
  previous_hash text not null,
  hash text not null,
  constraint journal_entries_pkey PRIMARY KEY (seq)
);
CREATE INDEX journal_entries_by_entry ON public.journal_entries USING btree (entry, seq);
CREATE INDEX journal_entries_by_subject ON public.journal_entries USING btree (subject_id, seq);
CREATE TRIGGER journal_entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.journal_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table journal_head (
  only_row boolean not null default true,
  seq bigint not null,
  hash text not null,
  constraint journal_head_pkey PRIMARY KEY (only_row),
  constraint journal_head_only_row_check CHECK (only_row)
);

create table journal_personal (
  seq bigint not null,
  salt text not null,
  content text not null,
  constraint journal_personal_pkey PRIMARY KEY (seq),
  constraint journal_personal_seq_fkey FOREIGN KEY (seq) REFERENCES journal_entries(seq)
);

create table leases (
  name text not null,
  holder text not null,
  until timestamp with time zone not null,
  constraint leases_pkey PRIMARY KEY (name)
);

create table license_documents (
  id text not null default new_id('document'::text),
  license_id text not null,
  name text not null,
  media_type text not null,
  size_bytes integer not null,
  sha256 text not null,
  content bytea not null,
  added_by text not null,
  added_at timestamp with time zone not null,
  constraint license_documents_pkey PRIMARY KEY (id),
  constraint license_documents_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint license_documents_size_bytes_check CHECK (((size_bytes >= 1) AND (size_bytes <= 10485760)))
);
CREATE INDEX license_documents_by_license ON public.license_documents USING btree (license_id, added_at);

create table license_savings (
  candidate_id text not null,
  license_id text not null,
  site_id text not null,
  account_id text not null,
  event_on date not null,
  saved_minor bigint not null,
  currency text not null,
  period text not null,
  counted_at timestamp with time zone not null,
  constraint license_savings_pkey PRIMARY KEY (candidate_id),
  constraint license_savings_candidate_id_fkey FOREIGN KEY (candidate_id) REFERENCES candidates(id),
  constraint license_savings_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint license_savings_period_check CHECK ((period = ANY (ARRAY['month'::text, 'year'::text]))),
  constraint license_savings_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id)
);
CREATE INDEX license_savings_by_account ON public.license_savings USING btree (site_id, account_id);
CREATE INDEX license_savings_by_license ON public.license_savings USING btree (license_id, event_on);

create table license_sites (
  license_id text not null,
  site_id text not null,
  constraint license_sites_pkey PRIMARY KEY (license_id, site_id),
  constraint license_sites_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint license_sites_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);
CREATE INDEX license_sites_by_site ON public.license_sites USING btree (site_id);

create table license_versions (
  license_id text not null,
  revision integer not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  terms jsonb not null,
  changed_by text not null,
  constraint license_versions_pkey PRIMARY KEY (license_id, revision),
  constraint license_versions_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id)
);
CREATE UNIQUE INDEX license_versions_current ON public.license_versions USING btree (license_id) WHERE (valid_to IS NULL);

create table licenses (
  id text not null default new_id('license'::text),
  name text not null,
  edition text not null,
  metric text not null,
  quantity integer,
  pricing jsonb not null,
  currency text not null,
  term_start date not null,
  term_end date,
  billing_day smallint,
  renewal_on date,
  notice_on date,
  auto_renew boolean not null,
  renewal_quantity integer,
  cost_center text,
  owner_id text,
  note text,
  revision integer not null default 1,
  quantity_since timestamp with time zone not null,
  settled_to date not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  ended_on date,
  ended_reason text,
  constraint licenses_pkey PRIMARY KEY (id),
  constraint licenses_billing_day_check CHECK (((billing_day >= 1) AND (billing_day <= 31))),
  constraint licenses_check CHECK ((term_end > term_start)),
  constraint licenses_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint licenses_edition_check CHECK ((edition = ANY (ARRAY['free'::text, 'standard'::text, 'premium'::text, 'enterprise'::text, 'data-center'::text]))),
  constraint licenses_metric_check CHECK ((metric = ANY (ARRAY['monthly-seats'::text, 'annual-seats'::text, 'data-center-tier'::text]))),
  constraint licenses_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES operators(id),
  constraint licenses_quantity_check CHECK (((quantity >= 0) AND (quantity <= 1000000))),
  constraint licenses_renewal_quantity_check CHECK (((renewal_quantity >= 0) AND (renewal_quantity <= 1000000)))
);
CREATE INDEX licenses_by_owner ON public.licenses USING btree (owner_id);
CREATE UNIQUE INDEX licenses_name ON public.licenses USING btree (lower(name)) WHERE (ended_on IS NULL);

create table listings (
  run_id text not null,
  key text not null,
  kind text not null,
  scope text,
  state text not null,
  cursor text,
  pages integer not null default 0,
  rows integer not null default 0,
  restarts integer not null default 0,
  started_at timestamp with time zone,
  error jsonb,
  updated_at timestamp with time zone not null,
  constraint listings_pkey PRIMARY KEY (run_id, key),
  constraint listings_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE,
  constraint listings_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'reading'::text, 'complete'::text, 'failed'::text, 'not-allowed'::text])))
);

create table match_rules (
  id text not null default new_id('rule'::text),
  position integer not null,
  name text not null,
  source text,
  account_field text not null,
  account_transforms jsonb not null,
  person_field text not null,
  person_transforms jsonb not null,
  confidence text not null,
  is_enabled boolean not null default true,
  created_at timestamp with time zone not null,
  constraint match_rules_pkey PRIMARY KEY (id),
  constraint match_rules_confidence_check CHECK ((confidence = ANY (ARRAY['exact'::text, 'likely'::text]))),
  constraint match_rules_position UNIQUE ("position") DEFERRABLE INITIALLY DEFERRED,
  constraint match_rules_source_check CHECK ((source = ANY (ARRAY['confluence-cloud'::text, 'confluence-data-center'::text])))
);

create table memberships (
  site_id text not null,
  group_id text not null,
  account_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  constraint memberships_pkey PRIMARY KEY (site_id, group_id, account_id, valid_from)
);
CREATE INDEX memberships_begun ON public.memberships USING brin (valid_from);
CREATE INDEX memberships_by_account ON public.memberships USING btree (site_id, account_id);
CREATE UNIQUE INDEX memberships_current ON public.memberships USING btree (site_id, group_id, account_id) WHERE (valid_to IS NULL);
CREATE INDEX memberships_ended ON public.memberships USING btree (site_id, valid_to) WHERE (valid_to IS NOT NULL);

create table message_attempts (
  message_id text not null,
  attempt integer not null,
  at timestamp with time zone not null,
  took_ms integer not null,
  outcome text not null,
  status_code integer,
  error text,
  constraint message_attempts_pkey PRIMARY KEY (message_id, attempt),
  constraint message_attempts_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id) ON DELETE CASCADE,
  constraint message_attempts_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'later'::text, 'failed'::text])))
);

create table messages (
  id text not null default new_id('message'::text),
  channel text not null,
  kind text not null,
  recipient text not null,
  subject_id text,
  data jsonb not null,
  dedupe_key text,
  state text not null default 'waiting'::text,
  attempts integer not null default 0,
  next_at timestamp with time zone not null,
  holder text,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  error text,
  tried_before integer not null default 0,
  constraint messages_pkey PRIMARY KEY (id),
  constraint messages_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'webhook'::text]))),
  constraint messages_dedupe_key_key UNIQUE (dedupe_key),
  constraint messages_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text, 'dropped'::text])))
);
CREATE INDEX messages_by_recipient ON public.messages USING btree (recipient, created_at, id) WHERE (channel = 'webhook'::text);
CREATE INDEX messages_by_subject ON public.messages USING btree (subject_id);
CREATE INDEX messages_by_time ON public.messages USING btree (created_at, id);
CREATE INDEX messages_waiting ON public.messages USING btree (next_at) WHERE (state = 'waiting'::text);

create table notification_settings (
  kind text not null,
  receivers jsonb not null,
  revision integer not null default 1,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  constraint notification_settings_pkey PRIMARY KEY (kind)
);

create table oauth_attempts (
  id text not null default new_id('attempt'::text),
  state_hash text not null,
  connection_id text not null,
  credential_id text not null,
  operator_id text not null,
  scopes text[] not null,
  redirect_url text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  outcome text,
  message text,
  sites jsonb not null default '[]'::jsonb,
  return_to text,
  consent_link_id text,
  constraint oauth_attempts_pkey PRIMARY KEY (id),
  constraint oauth_attempts_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id),
  constraint oauth_attempts_consent_link_id_fkey FOREIGN KEY (consent_link_id) REFERENCES consent_links(id) ON DELETE CASCADE,
  constraint oauth_attempts_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES credentials(id),
  constraint oauth_attempts_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operators(id),
  constraint oauth_attempts_outcome_check CHECK ((outcome = ANY (ARRAY['authorized'::text, 'declined'::text, 'site-not-covered'::text, 'failed'::text]))),
  constraint oauth_attempts_state_hash_key UNIQUE (state_hash)
);
CREATE INDEX oauth_attempts_by_connection ON public.oauth_attempts USING btree (connection_id);
CREATE INDEX oauth_attempts_by_credential ON public.oauth_attempts USING btree (credential_id);
CREATE INDEX oauth_attempts_by_link ON public.oauth_attempts USING btree (consent_link_id);
CREATE INDEX oauth_attempts_by_operator ON public.oauth_attempts USING btree (operator_id);

create table operator_passwords (
  operator_id text not null,
  hash text not null,
  changed_at timestamp with time zone not null,
  constraint operator_passwords_pkey PRIMARY KEY (operator_id),
  constraint operator_passwords_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operators(id)
);

create table operators (
  id text not null default new_id('operator'::text),
  kind text not null,
  name text not null,
  email text,
  roles text[] not null default '{}'::text[],
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  revision integer not null default 1,
  last_signed_in_at timestamp with time zone,
  constraint operators_pkey PRIMARY KEY (id),
  constraint operators_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'service-account'::text])))
);
CREATE UNIQUE INDEX operators_person_email ON public.operators USING btree (lower(email)) WHERE (kind = 'person'::text);
CREATE UNIQUE INDEX operators_service_account_name ON public.operators USING btree (name) WHERE (kind = 'service-account'::text);

create table people (
  id text not null default new_id('person'::text),
  first_seen_at timestamp with time zone not null,
  moved_to text,
  constraint people_pkey PRIMARY KEY (id),
  constraint people_moved_to_fkey FOREIGN KEY (moved_to) REFERENCES people(id)
);
CREATE INDEX people_by_successor ON public.people USING btree (moved_to);

create table person_identifiers (
  kind text not null,
  value text not null,
  person_id text not null,
  constraint person_identifiers_pkey PRIMARY KEY (kind, value),
  constraint person_identifiers_kind_check CHECK ((kind = ANY (ARRAY['atlassian-account'::text, 'data-center-user'::text, 'import'::text]))),
  constraint person_identifiers_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE INDEX person_identifiers_by_person ON public.person_identifiers USING btree (person_id);

create table person_summaries (
  person_id text not null,
  display_name text not null,
  email text,
  department text,
  job_title text,
  account_class text not null,
  accounts_count integer not null,
  seats_count integer not null,
  seat_status text,
  groups_count integer not null,
  spaces_count integer,
  events_90d integer not null,
  seat_since timestamp with time zone,
  price_minor integer,
  price_currency text,
  last_activity_at timestamp with time zone,
  last_activity_kind text,
  last_activity_summary text,
  search_text text not null,
  sort_key text collate "C" not null,
  person_status text,
  cost_center text,
  manager_id text,
  employment_type text,
  location text,
  origins jsonb not null default '{}'::jsonb,
  constraint person_summaries_pkey PRIMARY KEY (person_id),
  constraint person_summaries_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES people(id),
  constraint person_summaries_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint person_summaries_person_status_check CHECK ((person_status = ANY (ARRAY['active'::text, 'left'::text, 'disabled'::text])))
);
CREATE INDEX person_summaries_by_activity ON public.person_summaries USING btree (last_activity_at, person_id);
CREATE INDEX person_summaries_by_activity_down ON public.person_summaries USING btree (last_activity_at DESC NULLS LAST, person_id DESC);
CREATE INDEX person_summaries_by_email ON public.person_summaries USING btree (lower(email) COLLATE "C");
CREATE INDEX person_summaries_by_groups ON public.person_summaries USING btree (groups_count, person_id);
CREATE INDEX person_summaries_by_manager ON public.person_summaries USING btree (manager_id);
CREATE INDEX person_summaries_by_name ON public.person_summaries USING btree (sort_key, person_id);
CREATE INDEX person_summaries_by_price ON public.person_summaries USING btree (price_minor, person_id);
CREATE INDEX person_summaries_by_price_down ON public.person_summaries USING btree (price_minor DESC NULLS LAST, person_id DESC);
CREATE INDEX person_summaries_by_since ON public.person_summaries USING btree (seat_since, person_id);
CREATE INDEX person_summaries_by_since_down ON public.person_summaries USING btree (seat_since DESC NULLS LAST, person_id DESC);
CREATE INDEX person_summaries_by_spaces ON public.person_summaries USING btree (spaces_count, person_id);
CREATE INDEX person_summaries_by_spaces_down ON public.person_summaries USING btree (spaces_count DESC NULLS LAST, person_id DESC);

create table person_versions (
  person_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  external_id text,
  emails text[] not null,
  user_name text,
  display_name text not null,
  given_name text,
  family_name text,
  department text,
  job_title text,
  manager text,
  cost_center text,
  location text,
  status text not null,
  employment_type text,
  attributes jsonb not null,
  sort_key text collate "C" not null,
  constraint person_versions_pkey PRIMARY KEY (person_id, valid_from),
  constraint person_versions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint person_versions_status_check CHECK ((status = ANY (ARRAY['active'::text, 'left'::text, 'disabled'::text])))
);
CREATE UNIQUE INDEX person_versions_current ON public.person_versions USING btree (person_id) WHERE (valid_to IS NULL);

create table plan_approvals (
  plan_id text not null,
  operator_id text not null,
  at timestamp with time zone not null,
  hash text not null,
  vouched_by text,
  constraint plan_approvals_pkey PRIMARY KEY (plan_id, operator_id),
  constraint plan_approvals_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operators(id),
  constraint plan_approvals_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  constraint plan_approvals_vouched_by_fkey FOREIGN KEY (vouched_by) REFERENCES operators(id)
);
CREATE INDEX plan_approvals_by_operator ON public.plan_approvals USING btree (operator_id);
CREATE INDEX plan_approvals_by_voucher ON public.plan_approvals USING btree (vouched_by);

create table plan_rows (
  plan_id text not null,
  position integer not null,
  site_id text not null,
  account_id text not null,
  seat_id text,
  candidate_id text,
  executor text not null,
  memberships jsonb not null,
  loses jsonb not null,
  instruction jsonb,
  saves_minor bigint,
  currency text,
  saves_from timestamp with time zone,
  state text not null default 'planned'::text,
  outcome jsonb,
  unused_since timestamp with time zone,
  constraint plan_rows_pkey PRIMARY KEY (plan_id, "position"),
  constraint plan_rows_candidate_id_fkey FOREIGN KEY (candidate_id) REFERENCES candidates(id),
  constraint plan_rows_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  constraint plan_rows_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id),
  constraint plan_rows_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'left-out'::text, 'executing'::text, 'done'::text, 'failed'::text, 'unverified'::text, 'restored'::text])))
);
CREATE UNIQUE INDEX plan_rows_by_account ON public.plan_rows USING btree (plan_id, site_id, account_id);
CREATE INDEX plan_rows_by_candidate ON public.plan_rows USING btree (candidate_id);
CREATE INDEX plan_rows_executing ON public.plan_rows USING btree (plan_id, "position") WHERE (state = 'executing'::text);
CREATE INDEX plan_rows_of_account ON public.plan_rows USING btree (site_id, account_id);

create table plans (
  id text not null default new_id('plan'::text),
  kind text not null,
  state text not null default 'ready'::text,
  reason text not null,
  rule_id text,
  undoes_plan_id text,
  is_unattended boolean not null default false,
  site_ids text[] not null,
  counts jsonb not null,
  money jsonb not null,
  hash text not null,
  approvals_needed integer not null default 0,
  canary_size integer not null default 0,
  paused jsonb,
  created_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  applied_by text,
  applied_at timestamp with time zone,
  finished_at timestamp with time zone,
  revision integer not null default 1,
  accepts_products text[] not null default '{}'::text[],
  asked_by_holder boolean not null default false,
  limits jsonb not null default '{}'::jsonb,
  canary_until integer,
  failures_seen integer not null default 0,
  constraint plans_pkey PRIMARY KEY (id),
  constraint plans_kind_check CHECK ((kind = ANY (ARRAY['reclaim'::text, 'restore'::text]))),
  constraint plans_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES reclamation_rules(id),
  constraint plans_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'applying'::text, 'applied'::text, 'partial'::text, 'expired'::text, 'discarded'::text, 'undone'::text]))),
  constraint plans_undoes_plan_id_fkey FOREIGN KEY (undoes_plan_id) REFERENCES plans(id)
);
CREATE INDEX plans_applying ON public.plans USING btree (created_at) WHERE (state = 'applying'::text);
CREATE INDEX plans_by_rule ON public.plans USING btree (rule_id);
CREATE INDEX plans_by_time ON public.plans USING btree (created_at, id);
CREATE INDEX plans_by_undone ON public.plans USING btree (undoes_plan_id);

create table position_lines (
  snapshot_id text not null,
  position integer not null,
  level text not null,
  product text not null,
  site_id text,
  license_id text,
  edition text,
  metric text,
  status text not null,
  owned integer,
  used integer not null,
  free integer,
  short integer,
  excluded integer not null,
  unmapped integer not null,
  guests integer not null,
  active integer not null,
  idle integer not null,
  never_used integer not null,
  no_evidence integer not null,
  pending integer not null,
  money jsonb not null,
  ways jsonb not null,
  shares jsonb not null,
  constraint position_lines_pkey PRIMARY KEY (snapshot_id, "position"),
  constraint position_lines_level_check CHECK ((level = ANY (ARRAY['product'::text, 'edition'::text, 'license'::text]))),
  constraint position_lines_license_id_fkey FOREIGN KEY (license_id) REFERENCES licenses(id),
  constraint position_lines_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint position_lines_snapshot_id_fkey FOREIGN KEY (snapshot_id) REFERENCES position_snapshots(id),
  constraint position_lines_status_check CHECK ((status = ANY (ARRAY['covered'::text, 'over'::text, 'short'::text, 'unknown'::text])))
);
CREATE INDEX position_lines_by_license ON public.position_lines USING btree (license_id);
CREATE INDEX position_lines_by_site ON public.position_lines USING btree (site_id);
CREATE TRIGGER position_lines_immutable BEFORE UPDATE OR TRUNCATE ON public.position_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER position_lines_kept BEFORE DELETE ON public.position_lines FOR EACH ROW EXECUTE FUNCTION refuse_deletion_but_of_sample();

create table position_seats (
  site_id text not null,
  account_id text not null,
  from_seq bigint not null,
  to_seq bigint,
  seat_id text,
  status text,
  is_excluded boolean not null,
  is_unmapped boolean not null,
  is_pending boolean not null,
  cost_center text,
  department text,
  constraint position_seats_pkey PRIMARY KEY (site_id, account_id, from_seq),
  constraint position_seats_from_seq_fkey FOREIGN KEY (from_seq) REFERENCES position_snapshots(seq),
  constraint position_seats_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id),
  constraint position_seats_status_check CHECK ((status = ANY (ARRAY['active'::text, 'idle'::text, 'never-used'::text, 'no-evidence'::text]))),
  constraint position_seats_to_seq_fkey FOREIGN KEY (to_seq) REFERENCES position_snapshots(seq)
);
CREATE INDEX position_seats_begun ON public.position_seats USING btree (from_seq);
CREATE UNIQUE INDEX position_seats_current ON public.position_seats USING btree (site_id, account_id) WHERE (to_seq IS NULL);
CREATE INDEX position_seats_ended ON public.position_seats USING btree (to_seq) WHERE (to_seq IS NOT NULL);
CREATE TRIGGER position_seats_deleted BEFORE DELETE ON public.position_seats FOR EACH ROW EXECUTE FUNCTION refuse_deletion_but_of_sample();
CREATE TRIGGER position_seats_kept BEFORE TRUNCATE ON public.position_seats FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER position_seats_only_end BEFORE UPDATE ON public.position_seats FOR EACH ROW EXECUTE FUNCTION refuse_reopening();

create table position_snapshots (
  id text not null default new_id('position'::text),
  seq bigint not null generated as identity,
  at timestamp with time zone not null,
  data_as_of timestamp with time zone,
  computed_by text not null,
  took_ms integer not null,
  is_sample boolean not null default false,
  constraint position_snapshots_pkey PRIMARY KEY (id),
  constraint position_snapshots_seq_key UNIQUE (seq)
);
CREATE INDEX position_snapshots_by_time ON public.position_snapshots USING btree (at, id);
CREATE TRIGGER position_snapshots_immutable BEFORE UPDATE OR TRUNCATE ON public.position_snapshots FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER position_snapshots_kept BEFORE DELETE ON public.position_snapshots FOR EACH ROW EXECUTE FUNCTION refuse_deletion_but_of_sample();

create table processes (
  holder text not null,
  kind text not null,
  version text not null,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  constraint processes_pkey PRIMARY KEY (holder),
  constraint processes_kind_check CHECK ((kind = ANY (ARRAY['server'::text, 'server-only'::text, 'worker'::text])))
);

create table product_access (
  site_id text not null,
  group_id text not null,
  access text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  constraint product_access_pkey PRIMARY KEY (site_id, group_id, access, valid_from),
  constraint product_access_access_check CHECK ((access = ANY (ARRAY['user'::text, 'admin'::text]))),
  constraint product_access_site_id_group_id_fkey FOREIGN KEY (site_id, group_id) REFERENCES groups(site_id, id)
);
CREATE UNIQUE INDEX product_access_current ON public.product_access USING btree (site_id, group_id, access) WHERE (valid_to IS NULL);
CREATE INDEX product_access_ended ON public.product_access USING btree (site_id, valid_to) WHERE (valid_to IS NOT NULL);

create table product_access_decision_versions (
  site_id text not null,
  group_id text not null,
  state text not null,
  reason text,
  decided_by text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  constraint product_access_decision_versions_pkey PRIMARY KEY (site_id, group_id, valid_from),
  constraint product_access_decision_versions_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES operators(id),
  constraint product_access_decision_versions_site_id_group_id_fkey FOREIGN KEY (site_id, group_id) REFERENCES groups(site_id, id),
  constraint product_access_decision_versions_state_check CHECK ((state = ANY (ARRAY['confirmed'::text, 'added'::text, 'dropped'::text])))
);
CREATE INDEX product_access_decision_versions_by_operator ON public.product_access_decision_versions USING btree (decided_by);
CREATE UNIQUE INDEX product_access_decision_versions_current ON public.product_access_decision_versions USING btree (site_id, group_id) WHERE (valid_to IS NULL);

create table product_access_decisions (
  site_id text not null,
  group_id text not null,
  state text not null,
  reason text,
  decided_by text not null,
  decided_at timestamp with time zone not null,
  constraint product_access_decisions_pkey PRIMARY KEY (site_id, group_id),
  constraint product_access_decisions_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES operators(id),
  constraint product_access_decisions_site_id_group_id_fkey FOREIGN KEY (site_id, group_id) REFERENCES groups(site_id, id),
  constraint product_access_decisions_state_check CHECK ((state = ANY (ARRAY['confirmed'::text, 'added'::text, 'dropped'::text])))
);
CREATE INDEX product_access_decisions_by_operator ON public.product_access_decisions USING btree (decided_by);

create table quota_slots (
  quota_key text not null,
  holder text not null,
  slots integer not null,
  until timestamp with time zone not null,
  constraint quota_slots_pkey PRIMARY KEY (quota_key, holder),
  constraint quota_slots_quota_key_fkey FOREIGN KEY (quota_key) REFERENCES quotas(key) ON DELETE CASCADE,
  constraint quota_slots_slots_check CHECK ((slots > 0))
);

create table quotas (
  key text not null,
  hour_at timestamp with time zone not null,
  points bigint not null,
  blocked_until timestamp with time zone,
  blocked_by text,
  updated_at timestamp with time zone not null,
  constraint quotas_pkey PRIMARY KEY (key),
  constraint quotas_blocked_by_check CHECK ((blocked_by = ANY (ARRAY['rate-limited'::text, 'quota'::text])))
);

create table reclamation_rules (
  id text not null default new_id('reclamation'::text),
  name text not null,
  status text not null default 'report-only'::text,
  site_ids text[],
  condition jsonb not null,
  settings jsonb not null,
  paused jsonb,
  owner_id text,
  made_for text,
  revision integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint reclamation_rules_pkey PRIMARY KEY (id),
  constraint reclamation_rules_made_for_fkey FOREIGN KEY (made_for) REFERENCES connections(id),
  constraint reclamation_rules_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES operators(id),
  constraint reclamation_rules_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'report-only'::text, 'active'::text, 'paused'::text])))
);
CREATE INDEX reclamation_rules_by_connection ON public.reclamation_rules USING btree (made_for);
CREATE INDEX reclamation_rules_by_owner ON public.reclamation_rules USING btree (owner_id);
CREATE UNIQUE INDEX reclamation_rules_name ON public.reclamation_rules USING btree (lower(name)) WHERE (ended_at IS NULL);

create table role_assignments (
  site_id text not null,
  space_id text not null,
  principal_type text not null,
  principal_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  roles text[] not null,
  constraint role_assignments_pkey PRIMARY KEY (site_id, space_id, principal_type, principal_id, valid_from)
);
CREATE INDEX role_assignments_begun ON public.role_assignments USING brin (valid_from);
CREATE INDEX role_assignments_by_principal ON public.role_assignments USING btree (site_id, principal_type, principal_id, space_id);
CREATE UNIQUE INDEX role_assignments_current ON public.role_assignments USING btree (site_id, space_id, principal_type, principal_id) WHERE (valid_to IS NULL);
CREATE INDEX role_assignments_ended ON public.role_assignments USING btree (site_id, valid_to) WHERE (valid_to IS NOT NULL);

create table run_events (
  run_id text not null,
  seq integer not null,
  at timestamp with time zone not null,
  level text not null,
  event text not null,
  message text not null,
  data jsonb not null default '{}'::jsonb,
  constraint run_events_pkey PRIMARY KEY (run_id, seq),
  constraint run_events_level_check CHECK ((level = ANY (ARRAY['info'::text, 'warn'::text, 'error'::text]))),
  constraint run_events_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);

create table run_readers (
  run_id text not null,
  capability text not null,
  connection_id text not null,
  constraint run_readers_pkey PRIMARY KEY (run_id, capability),
  constraint run_readers_capability_check CHECK ((capability = ANY (ARRAY['roster'::text, 'activity'::text, 'permissions'::text, 'reclaim'::text, 'provision'::text]))),
  constraint run_readers_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id),
  constraint run_readers_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);
CREATE INDEX run_readers_by_connection ON public.run_readers USING btree (connection_id);

create table runs (
  id text not null default new_id('run'::text),
  site_id text not null,
  connection_id text not null,
  scope text not null,
  trigger text not null,
  state text not null default 'queued'::text,
  requested_by text not null,
  requested_at timestamp with time zone not null,
  started_at timestamp with time zone,
  observed_at timestamp with time zone,
  finished_at timestamp with time zone,
  resumed integer not null default 0,
  cancel_requested boolean not null default false,
  counts jsonb not null default '{}'::jsonb,
  requests integer not null default 0,
  points integer not null default 0,
  forecast_requests integer,
  forecast_points integer,
  waited_ms bigint not null default 0,
  held jsonb,
  error_code text,
  error_message text,
  held_decision text,
  held_decided_at timestamp with time zone,
  step_counts jsonb not null default '{}'::jsonb,
  answers jsonb not null default '{}'::jsonb,
  holder text,
  constraint runs_pkey PRIMARY KEY (id),
  constraint runs_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id),
  constraint runs_held_decision_check CHECK ((held_decision = ANY (ARRAY['accepted'::text, 'discarded'::text]))),
  constraint runs_scope_check CHECK ((scope = ANY (ARRAY['full'::text, 'license'::text, 'delta'::text]))),
  constraint runs_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint runs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'partial'::text, 'failed'::text, 'canceled'::text, 'held'::text]))),
  constraint runs_trigger_check CHECK ((trigger = ANY (ARRAY['schedule'::text, 'person'::text, 'publish'::text])))
);
CREATE INDEX runs_accepted ON public.runs USING btree (site_id) WHERE ((state = 'held'::text) AND (held_decision = 'accepted'::text));
CREATE INDEX runs_by_connection ON public.runs USING btree (connection_id);
CREATE INDEX runs_by_request ON public.runs USING btree (requested_at, id);
CREATE INDEX runs_by_site ON public.runs USING btree (site_id, requested_at DESC);
CREATE UNIQUE INDEX runs_one_at_a_time ON public.runs USING btree (site_id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));

create table sample_company (
  only_row boolean not null default true,
  state text not null,
  scale text not null,
  seed integer not null,
  began_at timestamp with time zone not null,
  step text not null,
  problem text,
  requested_by text not null,
  requested_at timestamp with time zone not null,
  ready_at timestamp with time zone,
  constraint sample_company_pkey PRIMARY KEY (only_row),
  constraint sample_company_only_row_check CHECK (only_row),
  constraint sample_company_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES operators(id),
  constraint sample_company_scale_check CHECK ((scale = ANY (ARRAY['tiny'::text, 'small'::text, 'medium'::text]))),
  constraint sample_company_state_check CHECK ((state = ANY (ARRAY['making'::text, 'present'::text, 'removing'::text])))
);
CREATE INDEX sample_company_by_operator ON public.sample_company USING btree (requested_by);

create table sample_people (
  person_id text not null,
  constraint sample_people_pkey PRIMARY KEY (person_id),
  constraint sample_people_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);

create table seat_facts (
  site_id text not null,
  account_id text not null,
  person_id text not null,
  seat_id text,
  edition text,
  granted_at timestamp with time zone not null,
  granted_origin text not null,
  account_class text not null,
  account_type text not null,
  is_managed boolean,
  email text,
  person_status text,
  department text,
  job_title text,
  cost_center text,
  location text,
  employment_type text,
  manager_id text,
  groups_count integer not null,
  spaces_count integer,
  duplicate_rank integer,
  viewed_at timestamp with time zone,
  contributed_at timestamp with time zone,
  administered_at timestamp with time zone,
  authenticated_at timestamp with time zone,
  viewed_known_since timestamp with time zone,
  viewed_known_until timestamp with time zone,
  authenticated_known_since timestamp with time zone,
  authenticated_known_until timestamp with time zone,
  seat_status text,
  constraint seat_facts_pkey PRIMARY KEY (site_id, account_id),
  constraint seat_facts_account_class_check CHECK ((account_class = ANY (ARRAY['licensed'::text, 'guest'::text]))),
  constraint seat_facts_granted_origin_check CHECK ((granted_origin = ANY (ARRAY['organization'::text, 'first-seen'::text]))),
  constraint seat_facts_person_status_check CHECK ((person_status = ANY (ARRAY['active'::text, 'left'::text, 'disabled'::text]))),
  constraint seat_facts_seat_status_check CHECK ((seat_status = ANY (ARRAY['active'::text, 'idle'::text, 'never-used'::text, 'no-evidence'::text]))),
  constraint seat_facts_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id),
  constraint seat_facts_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);
CREATE INDEX seat_facts_by_account ON public.seat_facts USING btree (account_id);
CREATE INDEX seat_facts_by_person ON public.seat_facts USING btree (person_id);

create table seats (
  site_id text not null,
  id text not null default new_id('seat'::text),
  account_id text not null,
  edition text,
  since timestamp with time zone not null,
  since_origin text not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  end_reason text,
  edition_identifier text,
  constraint seats_pkey PRIMARY KEY (site_id, id),
  constraint seats_since_origin_check CHECK ((since_origin = ANY (ARRAY['organization'::text, 'first-seen'::text]))),
  constraint seats_site_id_account_id_fkey FOREIGN KEY (site_id, account_id) REFERENCES accounts(site_id, id),
  constraint seats_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);
CREATE INDEX seats_begun ON public.seats USING brin (started_at);
CREATE INDEX seats_by_account ON public.seats USING btree (site_id, account_id);
CREATE INDEX seats_by_edition_identifier ON public.seats USING btree (site_id, edition_identifier);
CREATE UNIQUE INDEX seats_by_id ON public.seats USING btree (id);
CREATE UNIQUE INDEX seats_current ON public.seats USING btree (site_id, account_id) WHERE (ended_at IS NULL);
CREATE INDEX seats_ended ON public.seats USING btree (site_id, ended_at) WHERE (ended_at IS NOT NULL);

create table sessions (
  id text not null default new_id('session'::text),
  operator_id text not null,
  secret_hash text not null,
  through text not null,
  user_agent text,
  sign_out_url text,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  end_reason text,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_check CHECK (((ended_at IS NULL) = (end_reason IS NULL))),
  constraint sessions_end_reason_check CHECK ((end_reason = ANY (ARRAY['signed-out'::text, 'revoked'::text, 'password-changed'::text, 'operator-ended'::text, 'reset'::text, 'restored'::text]))),
  constraint sessions_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operators(id),
  constraint sessions_secret_hash_key UNIQUE (secret_hash),
  constraint sessions_through_check CHECK ((through = ANY (ARRAY['password'::text, 'sso'::text, 'link'::text])))
);
CREATE INDEX sessions_by_operator ON public.sessions USING btree (operator_id, created_at);

create table sign_in_links (
  id text not null default new_id('link'::text),
  code_hash text not null,
  kind text not null,
  operator_id text,
  made_by text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint sign_in_links_pkey PRIMARY KEY (id),
  constraint sign_in_links_check CHECK (((kind = 'first-admin'::text) = (operator_id IS NULL))),
  constraint sign_in_links_code_hash_key UNIQUE (code_hash),
  constraint sign_in_links_kind_check CHECK ((kind = ANY (ARRAY['first-admin'::text, 'welcome'::text, 'sign-in'::text]))),
  constraint sign_in_links_made_by_fkey FOREIGN KEY (made_by) REFERENCES operators(id),
  constraint sign_in_links_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operators(id)
);
CREATE INDEX sign_in_links_by_maker ON public.sign_in_links USING btree (made_by);
CREATE INDEX sign_in_links_by_operator ON public.sign_in_links USING btree (operator_id);

create table sign_in_settings (
  only_row boolean not null default true,
  settings jsonb not null,
  client_secret text,
  revision integer not null default 1,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  constraint sign_in_settings_pkey PRIMARY KEY (only_row),
  constraint sign_in_settings_only_row_check CHECK (only_row),
  constraint sign_in_settings_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES operators(id)
);
CREATE INDEX sign_in_settings_by_changer ON public.sign_in_settings USING btree (updated_by);

create table sign_in_waits (
  key text not null,
  failures integer not null,
  last_at timestamp with time zone not null,
  wait_until timestamp with time zone not null,
  constraint sign_in_waits_pkey PRIMARY KEY (key)
);

create table site_capabilities (
  site_id text not null,
  capability text not null,
  connection_id text,
  chosen_by text,
  since timestamp with time zone not null,
  lost_at timestamp with time zone,
  constraint site_capabilities_pkey PRIMARY KEY (site_id, capability),
  constraint site_capabilities_capability_check CHECK ((capability = ANY (ARRAY['roster'::text, 'activity'::text, 'permissions'::text, 'reclaim'::text, 'provision'::text]))),
  constraint site_capabilities_check CHECK (((connection_id IS NOT NULL) OR (chosen_by IS NOT NULL))),
  constraint site_capabilities_chosen_by_fkey FOREIGN KEY (chosen_by) REFERENCES operators(id),
  constraint site_capabilities_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id),
  constraint site_capabilities_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);
CREATE INDEX site_capabilities_by_chooser ON public.site_capabilities USING btree (chosen_by);
CREATE INDEX site_capabilities_by_connection ON public.site_capabilities USING btree (connection_id);

create table site_edition_versions (
  site_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  identifier text not null,
  constraint site_edition_versions_pkey PRIMARY KEY (site_id, valid_from),
  constraint site_edition_versions_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);
CREATE UNIQUE INDEX site_edition_versions_current ON public.site_edition_versions USING btree (site_id) WHERE (valid_to IS NULL);

create table site_executors (
  site_id text not null,
  executor text not null,
  managed_executor text not null default 'instruction'::text,
  webhook_id text,
  instruction_text text,
  revision integer not null default 1,
  changed_by text not null,
  changed_at timestamp with time zone not null,
  constraint site_executors_pkey PRIMARY KEY (site_id),
  constraint site_executors_executor_check CHECK ((executor = ANY (ARRAY['group-memberships'::text, 'directory'::text, 'scim'::text, 'account'::text, 'instruction'::text, 'webhook'::text]))),
  constraint site_executors_managed_executor_check CHECK ((managed_executor = ANY (ARRAY['directory'::text, 'scim'::text, 'instruction'::text, 'webhook'::text]))),
  constraint site_executors_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

create table site_freshness (
  site_id text not null,
  kind text not null,
  as_of timestamp with time zone not null,
  constraint site_freshness_pkey PRIMARY KEY (site_id, kind),
  constraint site_freshness_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

create table site_known_since (
  site_id text not null,
  kind text not null,
  since timestamp with time zone not null,
  constraint site_known_since_pkey PRIMARY KEY (site_id, kind),
  constraint site_known_since_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

create table site_licenses (
  site_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  seats integer,
  used_seats integer,
  expires_at timestamp with time zone,
  maintenance_expires_at timestamp with time zone,
  origin text not null,
  observed_at timestamp with time zone not null,
  constraint site_licenses_pkey PRIMARY KEY (site_id, valid_from),
  constraint site_licenses_origin_check CHECK ((origin = ANY (ARRAY['organization'::text, 'license'::text]))),
  constraint site_licenses_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);
CREATE UNIQUE INDEX site_licenses_current ON public.site_licenses USING btree (site_id) WHERE (valid_to IS NULL);

create table site_summaries (
  site_id text not null,
  as_of timestamp with time zone not null,
  idle_after_days integer not null,
  late_hours_max integer not null,
  counts jsonb,
  constraint site_summaries_pkey PRIMARY KEY (site_id),
  constraint site_summaries_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

create table sites (
  id text not null default new_id('site'::text),
  source text not null,
  source_key text not null,
  base_url text not null,
  name text not null,
  organization_id text,
  edition text,
  edition_identifier text,
  mode text not null default 'observe'::text,
  role_mode text,
  health text not null default 'not-connected'::text,
  health_detail jsonb,
  last_synced_at timestamp with time zone,
  last_account_ids text[],
  revision integer not null default 1,
  created_at timestamp with time zone not null,
  is_sample boolean not null default (base_url ~~ 'https://sample-company.invalid/%'::text),
  constraint sites_pkey PRIMARY KEY (id),
  constraint sites_health_check CHECK ((health = ANY (ARRAY['not-connected'::text, 'syncing'::text, 'connected'::text, 'degraded'::text, 'needs-reauthorization'::text]))),
  constraint sites_mode_check CHECK ((mode = ANY (ARRAY['observe'::text, 'act'::text]))),
  constraint sites_role_mode_check CHECK ((role_mode = ANY (ARRAY['pre-roles'::text, 'transition'::text, 'roles'::text]))),
  constraint sites_source_check CHECK ((source = ANY (ARRAY['confluence-cloud'::text, 'confluence-data-center'::text]))),
  constraint sites_source_source_key_key UNIQUE (source, source_key)
);
CREATE INDEX sites_of_sample ON public.sites USING btree (id) WHERE is_sample;

create table space_permissions (
  site_id text not null,
  space_id text not null,
  principal_type text not null,
  principal_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  operations jsonb not null,
  can_read boolean not null,
  can_administer boolean not null,
  constraint space_permissions_pkey PRIMARY KEY (site_id, space_id, principal_type, principal_id, valid_from)
);
CREATE INDEX space_permissions_begun ON public.space_permissions USING brin (valid_from);
CREATE INDEX space_permissions_by_principal ON public.space_permissions USING btree (site_id, principal_type, principal_id, space_id);
CREATE UNIQUE INDEX space_permissions_current ON public.space_permissions USING btree (site_id, space_id, principal_type, principal_id) WHERE (valid_to IS NULL);
CREATE INDEX space_permissions_ended ON public.space_permissions USING btree (site_id, valid_to) WHERE (valid_to IS NOT NULL);

create table space_role_versions (
  site_id text not null,
  role_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  name text not null,
  description text,
  is_custom boolean not null,
  permissions jsonb not null,
  can_read boolean not null,
  can_administer boolean not null,
  constraint space_role_versions_pkey PRIMARY KEY (site_id, role_id, valid_from),
  constraint space_role_versions_site_id_role_id_fkey FOREIGN KEY (site_id, role_id) REFERENCES space_roles(site_id, id)
);
CREATE UNIQUE INDEX space_role_versions_current ON public.space_role_versions USING btree (site_id, role_id) WHERE (valid_to IS NULL);

create table space_roles (
  site_id text not null,
  id text not null default new_id('role'::text),
  source_id text not null,
  first_seen_at timestamp with time zone not null,
  constraint space_roles_pkey PRIMARY KEY (site_id, id),
  constraint space_roles_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint space_roles_site_id_source_id_key UNIQUE (site_id, source_id)
);

create table space_versions (
  site_id text not null,
  space_id text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  key text not null,
  name text not null,
  type text not null,
  status text not null,
  owner_source_id text,
  created_at timestamp with time zone,
  sort_key text collate "C" not null,
  constraint space_versions_pkey PRIMARY KEY (site_id, space_id, valid_from),
  constraint space_versions_site_id_space_id_fkey FOREIGN KEY (site_id, space_id) REFERENCES spaces(site_id, id)
);
CREATE INDEX space_versions_by_key ON public.space_versions USING btree (site_id, key);
CREATE UNIQUE INDEX space_versions_current ON public.space_versions USING btree (site_id, space_id) WHERE (valid_to IS NULL);
CREATE INDEX space_versions_ended ON public.space_versions USING btree (site_id, valid_to) WHERE (valid_to IS NOT NULL);

create table spaces (
  site_id text not null,
  id text not null default new_id('space'::text),
  source_id text not null,
  ordinal integer not null,
  first_seen_at timestamp with time zone not null,
  constraint spaces_pkey PRIMARY KEY (site_id, id),
  constraint spaces_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint spaces_site_id_ordinal_key UNIQUE (site_id, ordinal),
  constraint spaces_site_id_source_id_key UNIQUE (site_id, source_id)
);
CREATE UNIQUE INDEX spaces_by_id ON public.spaces USING btree (id);

create table sso_identities (
  issuer text not null,
  subject text not null,
  operator_id text not null,
  linked_at timestamp with time zone not null,
  constraint sso_identities_pkey PRIMARY KEY (issuer, subject),
  constraint sso_identities_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES operators(id)
);
CREATE INDEX sso_identities_by_operator ON public.sso_identities USING btree (operator_id);

create table staged_rows (
  run_id text not null,
  listing_key text not null,
  position integer not null,
  data jsonb not null,
  constraint staged_rows_pkey PRIMARY KEY (run_id, listing_key, "position"),
  constraint staged_rows_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);

create table unseen (
  site_id text not null,
  kind text not null,
  subject text not null,
  scope text,
  run_id text not null,
  verdict text not null,
  reason text,
  first_unseen_at timestamp with time zone not null,
  constraint unseen_pkey PRIMARY KEY (site_id, kind, subject),
  constraint unseen_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id),
  constraint unseen_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint unseen_verdict_check CHECK ((verdict = ANY (ARRAY['missing'::text, 'gone'::text, 'not-visible'::text])))
);
CREATE INDEX unseen_by_run ON public.unseen USING btree (run_id);
CREATE INDEX unseen_by_scope ON public.unseen USING btree (site_id, kind, scope);

create table views (
  id text not null default new_id('view'::text),
  page text not null,
  name text not null,
  state text not null,
  visibility text not null,
  default_role text,
  owner_id text not null,
  revision integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint views_pkey PRIMARY KEY (id),
  constraint views_check CHECK (((default_role IS NULL) OR (visibility = 'shared'::text))),
  constraint views_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES operators(id),
  constraint views_visibility_check CHECK ((visibility = ANY (ARRAY['private'::text, 'shared'::text])))
);
CREATE INDEX views_by_owner ON public.views USING btree (owner_id);
CREATE UNIQUE INDEX views_default ON public.views USING btree (page, default_role) WHERE (default_role IS NOT NULL);
CREATE UNIQUE INDEX views_private_name ON public.views USING btree (page, owner_id, lower(name)) WHERE (visibility = 'private'::text);
CREATE UNIQUE INDEX views_shared_name ON public.views USING btree (page, lower(name)) WHERE (visibility = 'shared'::text);

create table wanted_sites (
  connection_id text not null,
  typed text not null,
  problem text,
  added_at timestamp with time zone not null,
  constraint wanted_sites_pkey PRIMARY KEY (connection_id, typed),
  constraint wanted_sites_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id)
);

create table webhooks (
  id text not null default new_id('webhook'::text),
  name text not null,
  url text not null,
  events text[] not null,
  secret text not null,
  previous_secret text,
  previous_until timestamp with time zone,
  state text not null default 'active'::text,
  disabled_reason text,
  failing_since timestamp with time zone,
  owner_id text,
  revision integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint webhooks_pkey PRIMARY KEY (id),
  constraint webhooks_events_check CHECK ((cardinality(events) > 0)),
  constraint webhooks_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES operators(id),
  constraint webhooks_state_check CHECK ((state = ANY (ARRAY['active'::text, 'disabled'::text])))
);
CREATE INDEX webhooks_by_owner ON public.webhooks USING btree (owner_id);
CREATE UNIQUE INDEX webhooks_name ON public.webhooks USING btree (lower(name)) WHERE (ended_at IS NULL);

create table write_proofs (
  id text not null default new_id('proof'::text),
  connection_id text not null,
  site_id text not null,
  requested_by text not null,
  group_name text not null,
  group_source_id text,
  may_be_left boolean not null default true,
  state text not null default 'running'::text,
  steps jsonb not null default '[]'::jsonb,
  problem jsonb,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint write_proofs_pkey PRIMARY KEY (id),
  constraint write_proofs_check CHECK (((state = 'running'::text) = (finished_at IS NULL))),
  constraint write_proofs_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id),
  constraint write_proofs_group_name_key UNIQUE (group_name),
  constraint write_proofs_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES operators(id),
  constraint write_proofs_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
  constraint write_proofs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'proved'::text, 'failed'::text, 'interrupted'::text])))
);
CREATE INDEX write_proofs_by_connection ON public.write_proofs USING btree (connection_id, site_id, started_at DESC);
CREATE INDEX write_proofs_by_operator ON public.write_proofs USING btree (requested_by);
CREATE INDEX write_proofs_by_site ON public.write_proofs USING btree (site_id, started_at DESC);
CREATE INDEX write_proofs_left ON public.write_proofs USING btree (site_id) WHERE may_be_left;
