-- What people keep of the pages: views of lists, and what the installation is called.

-- A list as somebody wants to see it again: its filters, sort and columns.
create table views (
  id           text primary key default new_id('view'),
  -- Of the web app: `people`, `groups`.
  page         text not null,
  name         text not null,
  -- The page's address after the question mark.
  state        text not null,
  visibility   text not null check (visibility in ('private', 'shared')),
  -- The role whose people see it first; of a shared one only.
  default_role text,
  owner_id     text not null references operators,
  revision     integer not null default 1,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  check (default_role is null or visibility = 'shared')
);
create index views_by_owner on views (owner_id);
create unique index views_private_name on views (page, owner_id, lower(name)) where visibility = 'private';
create unique index views_shared_name on views (page, lower(name)) where visibility = 'shared';
create unique index views_default on views (page, default_role) where default_role is not null;

-- Somebody pastes an e-mail address, or types how it begins.
create index person_summaries_by_email on person_summaries ((lower(email) collate "C"));

-- What was written in a space, for the spaces of a page.
create index activity_events_by_space on activity_events (site_id, space_key, occurred_at desc)
 where space_key is not null;
