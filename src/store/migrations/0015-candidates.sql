-- What is known of a candidate beyond its state.

alter table candidates
  -- Found though its evidence does not cover the window: only its holder's own answer may give it back.
  add column lacks_evidence boolean not null default false,
  -- The latest use that was known when it was found; null: none. Newer use cancels it.
  add column last_used_at timestamptz,
  -- Why a seat that is decided is not taken yet, in words; null: nothing stands in its way.
  add column waits jsonb;

create index candidates_by_time on candidates (detected_at, id);
create index candidates_by_state on candidates (state, state_since) where closed_at is null;
create index candidates_by_decider on candidates (decider_person) where decider_person is not null;
-- The cool-down of a seat that was kept.
create index candidates_kept on candidates (site_id, account_id, kept_until) where state = 'kept';
