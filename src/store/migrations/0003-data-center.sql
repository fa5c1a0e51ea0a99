-- Confluence Data Center beside Cloud, runs that follow the audit log, and groups within groups.

alter table credentials drop constraint credentials_kind_check;
alter table credentials add constraint credentials_kind_check
  check (kind in ('oauth', 'api-token', 'scoped-api-token', 'organization-key', 'personal-access-token', 'basic'));
-- Data Center knows people by user name; only for basic authentication.
alter table credentials add column username text;

-- `delta`: looks again at what the audit log names since the last run.
alter table runs drop constraint runs_scope_check;
alter table runs add constraint runs_scope_check check (scope in ('full', 'license', 'delta'));

-- Groups that are members of a group, one level down, as the source says. Cloud has none.
create table group_nestings (
  site_id         text not null,
  group_id        text not null,
  member_group_id text not null,
  valid_from      timestamptz not null,
  valid_to        timestamptz,
  primary key (site_id, group_id, member_group_id, valid_from),
  foreign key (site_id, group_id) references groups,
  foreign key (site_id, member_group_id) references groups
);
create unique index group_nestings_current on group_nestings (site_id, group_id, member_group_id) where valid_to is null;
create index group_nestings_by_member on group_nestings (site_id, member_group_id);

-- What follows from them at any depth, without the group itself: members of `member_group_id` are members of `group_id`.
create table group_closure (
  site_id         text not null,
  group_id        text not null,
  member_group_id text not null,
  valid_from      timestamptz not null,
  valid_to        timestamptz,
  primary key (site_id, group_id, member_group_id, valid_from),
  foreign key (site_id, group_id) references groups,
  foreign key (site_id, member_group_id) references groups
);
create unique index group_closure_current on group_closure (site_id, group_id, member_group_id) where valid_to is null;
create index group_closure_by_member on group_closure (site_id, member_group_id);
