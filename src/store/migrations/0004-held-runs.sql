-- What a person decided about the difference that a run holds.

alter table runs add column held_decision text check (held_decision in ('accepted', 'discarded'));
alter table runs add column held_decided_at timestamptz;
-- An accepted difference is closed by the site's next run, before it reads; until then the run stays held.
create index runs_accepted on runs (site_id) where state = 'held' and held_decision = 'accepted';
