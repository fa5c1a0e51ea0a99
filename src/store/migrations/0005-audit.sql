-- What the audit log tells of people, and runs that follow it.

-- Events under the account that they concern; under their author they stand in `activity_events`. Whoever something was
-- done to did not use anything, so nothing that counts use reads this table. It repeats what is shown, because an event of
-- the system itself has no author and no row there.
create table activity_event_subjects (
  site_id     text not null,
  source      text not null,
  event_id    text not null,
  account_id  text not null,
  type        text not null,
  summary     text not null,
  occurred_at timestamptz not null,
  seen_at     timestamptz not null,
  primary key (site_id, source, event_id, account_id),
  foreign key (site_id, account_id) references accounts
);
create index activity_event_subjects_by_account on activity_event_subjects (site_id, account_id, occurred_at desc);
create index activity_event_subjects_by_time
  on activity_event_subjects
     (occurred_at, ((source || '/' || event_id || '/' || site_id || '/' || account_id) collate "C"));

-- Whom an audit record means that has only a display name.
create index account_versions_by_name on account_versions (site_id, display_name);

-- What is published already gets its hourly job beside the daily one, at another minute of the hour.
insert into jobs (name, kind, connection_id, site_id, cron, enabled, created_at)
select 'Refresh changes ' || s.name, 'refresh-changes', j.connection_id, j.site_id,
       case when split_part(j.cron, ' ', 1) ~ '^[0-9]{1,2}$'
            then (split_part(j.cron, ' ', 1)::integer + 30) % 60 else 30 end || ' * * * *',
       j.enabled and 'activity' = any (c.capabilities), now()
  from jobs j
  join sites s on s.id = j.site_id
  join connections c on c.id = j.connection_id
 where j.kind = 'refresh-site';
