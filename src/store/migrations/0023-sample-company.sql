-- A pretend company to look around in, and what makes it removable without a trace.

-- The one there is or is being made or removed; no row: none.
create table sample_company (
  only_row     boolean primary key default true check (only_row),
  state        text not null check (state in ('making', 'present', 'removing')),
  -- The same scale, seed and instant make the same company again after a restart.
  scale        text not null check (scale in ('tiny', 'small', 'medium')),
  seed         integer not null,
  began_at     timestamptz not null,
  -- What is being done, in words.
  step         text not null,
  -- Why the last attempt failed; it is repeated.
  problem      text,
  requested_by text not null references operators,
  requested_at timestamptz not null,
  ready_at     timestamptz
);
create index sample_company_by_operator on sample_company (requested_by);

-- Whoever is known from the sample alone, noted before their accounts go; empty at all other times.
create table sample_people (
  person_id text primary key references people
);

-- No resolver answers for a name below .invalid (RFC 6761), so no site of anybody's has this address.
alter table sites
  add is_sample boolean not null generated always as (base_url like 'https://sample-company.invalid/%') stored;
alter table connections add is_sample boolean not null default false;
create index sites_of_sample on sites (id) where is_sample;
create index connections_of_sample on connections (id) where is_sample;

-- Numbers of the sample: snapshots that count its sites count no others.
alter table position_snapshots add is_sample boolean not null default false;

-- What is kept for good is kept for good, but for the sample's own rows. The triggers look at the row that goes.
create function refuse_deletion_but_of_sample() returns trigger language plpgsql as $$
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
$$;

drop trigger position_snapshots_immutable on position_snapshots;
create trigger position_snapshots_immutable
  before update or truncate on position_snapshots
  for each statement execute function refuse_change();
create trigger position_snapshots_kept
  before delete on position_snapshots
  for each row execute function refuse_deletion_but_of_sample();
drop trigger position_lines_immutable on position_lines;
create trigger position_lines_immutable
  before update or truncate on position_lines
  for each statement execute function refuse_change();
create trigger position_lines_kept
  before delete on position_lines
  for each row execute function refuse_deletion_but_of_sample();
drop trigger position_seats_kept on position_seats;
create trigger position_seats_kept
  before truncate on position_seats
  for each statement execute function refuse_change();
create trigger position_seats_deleted
  before delete on position_seats
  for each row execute function refuse_deletion_but_of_sample();
