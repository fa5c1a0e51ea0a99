-- Signing in: roles that count, passwords, sessions, one-time links, single sign-on, and who made a token.

alter table operators add column revision integer not null default 1;
alter table operators add column last_signed_in_at timestamptz;

-- A person's token may do no more than its person's roles. People were made with tokens and without roles before: they
-- get those that cover what they hold.
update operators o
   set roles = case when exists (select 1
                                   from api_tokens t
                                  where t.operator_id = o.id and t.revoked_at is null
                                    and t.scopes && array['*', 'backup:read', 'backup:write'])
                    then array['admin']
                    else array['connection-admin', 'license-manager'] end
 where o.kind = 'person' and o.roles = '{}'
   and exists (select 1 from api_tokens t where t.operator_id = o.id and t.revoked_at is null);

-- Who made it, where that was another operator than its own: two such are not two people. Null where it was not kept.
alter table api_tokens add column made_by text references operators;
create index api_tokens_by_maker on api_tokens (made_by);
-- Who made the token that approved, likewise.
alter table plan_approvals add column vouched_by text references operators;
create index plan_approvals_by_voucher on plan_approvals (vouched_by);

create table operator_passwords (
  operator_id text primary key references operators,
  -- Argon2id with its parameters and salt.
  hash        text not null,
  changed_at  timestamptz not null
);

create table sessions (
  id           text primary key default new_id('session'),
  operator_id  text not null references operators,
  -- SHA-256 of what the cookie holds.
  secret_hash  text not null unique,
  through      text not null check (through in ('password', 'sso', 'link')),
  -- What the browser calls itself; null where it says nothing.
  user_agent   text,
  -- Sealed: where the provider of single sign-on signs them out, with the ID token by which it knows whom.
  sign_out_url text,
  created_at   timestamptz not null,
  -- Right to a minute.
  last_used_at timestamptz not null,
  ends_at      timestamptz not null,
  ended_at     timestamptz,
  end_reason   text check (end_reason in ('signed-out', 'revoked', 'password-changed', 'operator-ended', 'reset', 'restored')),
  check ((ended_at is null) = (end_reason is null))
);
create index sessions_by_operator on sessions (operator_id, created_at);

-- Links that work once: for the first admin, to welcome a person who then sets a password, to sign in.
create table sign_in_links (
  id          text primary key default new_id('link'),
  -- SHA-256 of its code.
  code_hash   text not null unique,
  kind        text not null check (kind in ('first-admin', 'welcome', 'sign-in')),
  operator_id text references operators,
  made_by     text references operators,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  used_at     timestamptz,
  check ((kind = 'first-admin') = (operator_id is null))
);
create index sign_in_links_by_operator on sign_in_links (operator_id);
create index sign_in_links_by_maker on sign_in_links (made_by);

-- Refused attempts of one address or one e-mail, and until when the next one waits.
create table sign_in_waits (
  -- SHA-256 of what is counted.
  key        text primary key,
  failures   integer not null,
  last_at    timestamptz not null,
  wait_until timestamptz not null
);

-- Who somebody is at a provider of single sign-on.
create table sso_identities (
  issuer      text not null,
  subject     text not null,
  operator_id text not null references operators,
  linked_at   timestamptz not null,
  primary key (issuer, subject)
);
create index sso_identities_by_operator on sso_identities (operator_id);

-- How people sign in, where that was ever changed.
create table sign_in_settings (
  only_row      boolean primary key default true check (only_row),
  settings      jsonb not null,
  -- Sealed.
  client_secret text,
  revision      integer not null default 1,
  updated_at    timestamptz not null,
  updated_by    text not null references operators
);
create index sign_in_settings_by_changer on sign_in_settings (updated_by);
