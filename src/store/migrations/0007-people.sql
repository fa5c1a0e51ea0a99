-- People from a file of the personnel department, rules that find the person behind an account, and evidence that comes
-- as a file.

-- A file that somebody gave: read into rows, previewed, applied as one or never.
create table imports (
  id          text primary key default new_id('import'),
  kind        text not null check (kind in ('people', 'accounts', 'evidence')),
  state       text not null default 'reading' check (state in ('reading', 'previewed', 'applied')),
  file_name   text,
  file_sha256 text,
  options     jsonb not null,
  columns     jsonb not null default '[]',
  counts      jsonb not null default '{}',
  -- The import of its kind that was applied last when this one was previewed: a preview holds only on what it saw.
  based_on    text references imports,
  created_by  text not null,
  created_at  timestamptz not null,
  applied_by  text,
  applied_at  timestamptz
);
create index imports_by_time on imports (created_at, id);
create index imports_by_base on imports (based_on);

create table import_rows (
  import_id  text not null references imports on delete cascade,
  row_number integer not null,
  data       jsonb not null,
  errors     jsonb not null default '[]',
  primary key (import_id, row_number)
);

-- What an import said of a person, over time.
create table person_versions (
  person_id       text not null references people,
  valid_from      timestamptz not null,
  valid_to        timestamptz,
  external_id     text,
  emails          text[] not null,
  user_name       text,
  display_name    text not null,
  given_name      text,
  family_name     text,
  department      text,
  job_title       text,
  -- The manager as the import names them: an external id or an e-mail.
  manager         text,
  cost_center     text,
  location        text,
  status          text not null check (status in ('active', 'left', 'disabled')),
  employment_type text,
  attributes      jsonb not null,
  sort_key        text collate "C" not null,
  primary key (person_id, valid_from)
);
create unique index person_versions_current on person_versions (person_id) where valid_to is null;

-- `import`: `id:` and the external id, or `email:` and the first e-mail in lower case.
alter table person_identifiers drop constraint person_identifiers_kind_check;
alter table person_identifiers add constraint person_identifiers_kind_check
  check (kind in ('atlassian-account', 'data-center-user', 'import'));

-- A person whose last account went to another one; the id goes on leading there.
alter table people add column moved_to text references people;
create index people_by_successor on people (moved_to);
-- The person that the account made by itself; null while that is still its person.
alter table accounts add column own_person_id text references people;
create index accounts_by_own_person on accounts (own_person_id);

-- Further attributes of accounts, from a file.
create table account_attributes (
  site_id    text not null,
  account_id text not null,
  name       text not null,
  value      text not null,
  valid_from timestamptz not null,
  valid_to   timestamptz,
  primary key (site_id, account_id, name, valid_from),
  foreign key (site_id, account_id) references accounts
);
create unique index account_attributes_current on account_attributes (site_id, account_id, name) where valid_to is null;

-- How the person behind an account is found: the first exact rule that finds anybody decides, likely ones propose.
create table match_rules (
  id                 text primary key default new_id('rule'),
  position           integer not null,
  name               text not null,
  source             text check (source in ('confluence-cloud', 'confluence-data-center')),
  account_field      text not null,
  account_transforms jsonb not null,
  person_field       text not null,
  person_transforms  jsonb not null,
  confidence         text not null check (confidence in ('exact', 'likely')),
  is_enabled         boolean not null default true,
  created_at         timestamptz not null,
  -- Checked at commit, so that rules can change places.
  constraint match_rules_position unique (position) deferrable initially deferred
);
insert into match_rules (position, name, source, account_field, account_transforms, person_field, person_transforms, confidence, created_at)
values
  (1, 'Same e-mail', null, 'email', '[{"kind": "trim"}, {"kind": "lowercase"}]',
   'email', '[{"kind": "trim"}, {"kind": "lowercase"}]', 'exact', now()),
  (2, 'User name is the local part of the e-mail', 'confluence-data-center',
   'username', '[{"kind": "trim"}, {"kind": "lowercase"}]',
   'email', '[{"kind": "trim"}, {"kind": "lowercase"}, {"kind": "strip-domain"}]', 'exact', now()),
  (3, 'Same name', null, 'displayName', '[{"kind": "trim"}, {"kind": "lowercase"}]',
   'displayName', '[{"kind": "trim"}, {"kind": "lowercase"}]', 'likely', now());

-- Who was taken for the person behind an account, by what, and when. The current one of method `manual` is a decision
-- that no rule changes.
create table account_matches (
  site_id    text not null,
  account_id text not null,
  valid_from timestamptz not null,
  valid_to   timestamptz,
  situation  text not null check (situation in ('matched', 'unmatched', 'ambiguous', 'conflicting', 'ignored')),
  method     text check (method in ('rule', 'manual', 'account-type')),
  -- Kept in words of the rule's id alone: a rule may be deleted, what it decided stays.
  rule_id    text,
  confidence text check (confidence in ('exact', 'likely')),
  person_id  text references people,
  -- Whom a rule proposes, or between whom it could not tell; a few are enough to look.
  candidates text[] not null,
  decided_by text not null,
  reason     text,
  primary key (site_id, account_id, valid_from),
  foreign key (site_id, account_id) references accounts
);
create unique index account_matches_current on account_matches (site_id, account_id) where valid_to is null;
create index account_matches_by_situation on account_matches (situation) where valid_to is null;
create index account_matches_by_person on account_matches (person_id);

-- Two sources of one kind stand beside each other: log-ins of a file beside views of the directory.
alter table evidence drop constraint evidence_pkey;
alter table evidence add primary key (site_id, account_id, kind, source);
alter table evidence_windows drop constraint evidence_windows_pkey;
alter table evidence_windows add primary key (site_id, kind, source);

-- What the lists show of a person that an import tells.
alter table person_summaries
  add column person_status   text check (person_status in ('active', 'left', 'disabled')),
  add column cost_center     text,
  add column manager_id      text references people,
  add column employment_type text,
  add column location        text,
  add column origins         jsonb not null default '{}';
create index person_summaries_by_manager on person_summaries (manager_id);
