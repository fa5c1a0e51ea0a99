-- From evidence to money: what conditions see of a seat, exclusions, reclamation rules, candidates, plans, actions, and
-- messages to people and other systems.

-- One row per seat, and per guest, as conditions see it; made after each run from the facts, and only what changed is
-- written. The columns are the variables of conditions (`model/seats.ts`).
create table seat_facts (
  site_id                    text not null references sites,
  account_id                 text not null,
  person_id                  text not null,
  seat_id                    text,
  edition                    text,
  -- When access was given; `first-seen` where the source does not tell.
  granted_at                 timestamptz not null,
  granted_origin             text not null check (granted_origin in ('organization', 'first-seen')),
  account_class              text not null check (account_class in ('licensed', 'guest')),
  account_type               text not null,
  is_managed                 boolean,
  email                      text,
  person_status              text check (person_status in ('active', 'left', 'disabled')),
  department                 text,
  job_title                  text,
  cost_center                text,
  location                   text,
  employment_type            text,
  manager_id                 text,
  groups_count               integer not null,
  spaces_count               integer,
  -- Among the seats of one person at one site: 1 is the one used last, which stays; null where there is one only.
  duplicate_rank             integer,
  -- Latest use of each kind, whatever source saw it.
  viewed_at                  timestamptz,
  contributed_at             timestamptz,
  administered_at            timestamptz,
  authenticated_at           timestamptz,
  -- What kinds that see readers cover for this account; null: not collected, `-infinity`: its whole life is known.
  viewed_known_since         timestamptz,
  viewed_known_until         timestamptz,
  authenticated_known_since  timestamptz,
  authenticated_known_until  timestamptz,
  seat_status                text check (seat_status in ('active', 'idle', 'never-used', 'no-evidence')),
  primary key (site_id, account_id),
  foreign key (site_id, account_id) references accounts
);
create index seat_facts_by_person on seat_facts (person_id);
create index seat_facts_by_account on seat_facts (account_id);

-- Who or what is left out, of which effects, why and until when.
create table exclusion_rules (
  id          text primary key default new_id('exclusion'),
  name        text not null,
  -- A condition of the reclamation rules' kind (rules/conditions), over seat, person and account.
  condition   jsonb not null,
  site_ids    text[],
  effects     text[] not null check (effects <@ array['not-counted', 'no-reclaim', 'no-review', 'no-notify']
                                     and cardinality(effects) > 0),
  reason      text not null,
  -- `credential-account`, `app-accounts`, `break-glass-admins`, `last-space-admin`: comes with Usher, and does not expire.
  built_in    text unique,
  is_enabled  boolean not null default true,
  expires_at  timestamptz check (expires_at is not null or built_in is not null),
  warned_at   timestamptz,
  owner_id    text references operators,
  revision    integer not null default 1,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  ended_at    timestamptz
);
create index exclusion_rules_by_owner on exclusion_rules (owner_id);

-- Whom each exclusion catches now: settled after every run and whenever a rule changes. It holds until `until`.
create table exclusion_hits (
  rule_id    text not null references exclusion_rules,
  site_id    text not null,
  account_id text not null,
  effects    text[] not null,
  until      timestamptz,
  since      timestamptz not null,
  primary key (rule_id, site_id, account_id),
  foreign key (site_id, account_id) references accounts
);
create index exclusion_hits_by_account on exclusion_hits (site_id, account_id);

create table reclamation_rules (
  id            text primary key default new_id('reclamation'),
  name          text not null,
  status        text not null default 'report-only' check (status in ('draft', 'report-only', 'active', 'paused')),
  -- Null: every site.
  site_ids      text[],
  condition     jsonb not null,
  -- Evidence, grace, check-in, decision, limits, blackout dates, timing, action, restore window, cool-down.
  settings      jsonb not null,
  -- Why it is paused, in words, and by what (`limit`, `failures`, `restores`, `person`).
  paused        jsonb,
  owner_id      text references operators,
  made_for      text references connections,
  revision      integer not null default 1,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  ended_at      timestamptz
);
create index reclamation_rules_by_owner on reclamation_rules (owner_id);
create index reclamation_rules_by_connection on reclamation_rules (made_for);
create unique index reclamation_rules_name on reclamation_rules (lower(name)) where ended_at is null;

-- A seat that a rule found, or that a person proposed, on its way through ask, decide and execute.
create table candidates (
  id              text primary key default new_id('candidate'),
  site_id         text not null references sites,
  account_id      text not null,
  -- Null: a guest.
  seat_id         text,
  -- Null: proposed by hand.
  rule_id         text references reclamation_rules,
  rule_revision   integer,
  -- Why by hand, and by whom.
  proposed_by     text references operators,
  proposed_reason text,
  settings        jsonb not null,
  state           text not null check (state in ('detected', 'ready', 'asking', 'deciding', 'scheduled', 'executing',
                                                 'reclaimed', 'restored', 'attention', 'kept', 'canceled', 'excluded',
                                                 'superseded', 'gone')),
  revision        integer not null default 1,
  -- Which parts of the condition held, with the facts they saw.
  because         jsonb not null,
  detected_at     timestamptz not null,
  state_since     timestamptz not null,
  -- When the state ends by itself: an answer is due, a decision is due, the kept time is over, the restore window closes.
  due_at          timestamptz,
  -- The question and its answer.
  asked_at        timestamptz,
  reminders_sent  integer not null default 0,
  answer          text check (answer in ('keep', 'give-back', 'on-leave', 'none')),
  answered_at     timestamptz,
  leave_until     timestamptz,
  -- Who decides: a person by id, or a named address.
  decider_person  text,
  decider_email   text,
  decided_by      text,
  kept_until      timestamptz,
  scheduled_for   timestamptz,
  plan_id         text,
  attention       jsonb,
  -- What a month or a term of it saves, and from when; null where no price is known.
  saves_minor     bigint,
  saves_currency  text,
  saves_from      timestamptz,
  closed_at       timestamptz,
  foreign key (site_id, account_id) references accounts
);
create unique index candidates_open on candidates (site_id, account_id) where closed_at is null;
create index candidates_by_account on candidates (site_id, account_id);
create index candidates_by_rule on candidates (rule_id, state);
create index candidates_by_proposer on candidates (proposed_by);
create index candidates_due on candidates (due_at) where closed_at is null;
create index candidates_by_plan on candidates (plan_id);

create table candidate_steps (
  candidate_id text not null references candidates,
  seq          integer not null,
  at           timestamptz not null,
  from_state   text,
  to_state     text not null,
  actor_id     text not null,
  -- Free text of whoever decided.
  reason       text,
  -- What was known of the use of the seat at that moment.
  evidence     jsonb not null,
  detail       jsonb not null default '{}',
  primary key (candidate_id, seq)
);

-- A saved set of changes with counts, reasons, hash and expiry.
create table plans (
  id               text primary key default new_id('plan'),
  kind             text not null check (kind in ('reclaim', 'restore')),
  state            text not null default 'ready'
                   check (state in ('ready', 'applying', 'applied', 'partial', 'expired', 'discarded', 'undone')),
  reason           text not null,
  rule_id          text references reclamation_rules,
  -- Of a restore: the plan it takes back, wholly or in part.
  undoes_plan_id   text references plans,
  is_unattended    boolean not null default false,
  site_ids         text[] not null,
  counts           jsonb not null,
  money            jsonb not null,
  -- Of everything that applying it would do; whoever applies names it.
  hash             text not null,
  -- A second person is needed above a size; null where none is.
  approvals_needed integer not null default 0,
  -- Seats of a first batch, after which it waits and looks; 0: none.
  canary_size      integer not null default 0,
  paused           jsonb,
  created_by       text not null,
  created_at       timestamptz not null,
  expires_at       timestamptz not null,
  applied_by       text,
  applied_at       timestamptz,
  finished_at      timestamptz,
  revision         integer not null default 1
);
create index plans_by_rule on plans (rule_id);
create index plans_by_undone on plans (undoes_plan_id);
create index plans_by_time on plans (created_at, id);
alter table candidates add foreign key (plan_id) references plans;

create table plan_approvals (
  plan_id     text not null references plans,
  operator_id text not null references operators,
  at          timestamptz not null,
  hash        text not null,
  primary key (plan_id, operator_id)
);
create index plan_approvals_by_operator on plan_approvals (operator_id);

-- One seat of a plan: what would be done, what it takes away besides, what cannot be done here, and what became of it.
create table plan_rows (
  plan_id      text not null references plans,
  position     integer not null,
  site_id      text not null,
  account_id   text not null,
  seat_id      text,
  candidate_id text references candidates,
  -- `remove-memberships`, `suspend-account`, `scim-deactivate`, `disable-account`, `instruction`, `webhook`, …
  executor     text not null,
  -- The exact memberships, by group id and source id, in the order they are changed.
  memberships  jsonb not null,
  loses        jsonb not null,
  -- What cannot be done here, with the exact change for whoever can.
  instruction  jsonb,
  saves_minor  bigint,
  currency     text,
  saves_from   timestamptz,
  state        text not null default 'planned'
               check (state in ('planned', 'left-out', 'executing', 'done', 'failed', 'unverified', 'restored')),
  -- Why it was left out, failed, or could not be verified.
  outcome      jsonb,
  primary key (plan_id, position),
  foreign key (site_id, account_id) references accounts
);
create unique index plan_rows_by_account on plan_rows (plan_id, site_id, account_id);
create index plan_rows_of_account on plan_rows (site_id, account_id);
create index plan_rows_by_candidate on plan_rows (candidate_id);

-- One planned change at a source: written with its journal entry before anything is sent.
create table actions (
  id          text primary key default new_id('action'),
  plan_id     text references plans,
  position    integer,
  site_id     text not null references sites,
  account_id  text,
  kind        text not null,
  -- What to change, by the source's own ids: `{ "groupSourceId": …, "accountSourceId": … }`.
  target      jsonb not null,
  state       text not null default 'planned'
              check (state in ('planned', 'running', 'done', 'failed', 'unverified', 'skipped')),
  -- A request was sent whose effect has not been read back: nothing is sent again before it was.
  sent_at     timestamptz,
  attempts    integer not null default 0,
  next_at     timestamptz not null,
  holder      text,
  planned_at  timestamptz not null,
  finished_at timestamptz,
  -- What was read before and after.
  before      jsonb,
  after       jsonb,
  -- What went wrong or why it was not done, in words, with what to do.
  outcome     jsonb
);
create index actions_waiting on actions (site_id, next_at) where state in ('planned', 'running');
create index actions_by_plan on actions (plan_id, position);
create index actions_by_account on actions (site_id, account_id);

-- What leaves Usher to people (mail) and other systems (webhooks): queued by the transaction that decided it.
create table messages (
  id          text primary key default new_id('message'),
  channel     text not null check (channel in ('mail', 'webhook')),
  -- What it says: `check-in`, `check-in-reminder`, `decision-needed`, `seat-reclaimed`, `connection-waits`, …
  kind        text not null,
  -- Address, or the id of a webhook.
  recipient   text not null,
  subject_id  text,
  data        jsonb not null,
  -- The same thing is said once.
  dedupe_key  text unique,
  state       text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'dropped')),
  attempts    integer not null default 0,
  next_at     timestamptz not null,
  holder      text,
  created_at  timestamptz not null,
  ended_at    timestamptz,
  error       text
);
create index messages_waiting on messages (next_at) where state = 'waiting';
create index messages_by_subject on messages (subject_id);
create index messages_by_time on messages (created_at, id);

-- Jobs that follow a run of any site.
alter table job_results drop constraint job_results_trigger_check;
alter table job_results add check (trigger in ('schedule', 'person', 'publish', 'run'));
