-- Plans, how each site's seats are taken, and actions.

-- Which flow takes and gives the seats of a site; the groups that give them where nothing was chosen.
create table site_executors (
  site_id          text primary key references sites,
  executor         text not null
                   check (executor in ('group-memberships', 'directory', 'scim', 'account', 'instruction', 'webhook')),
  -- For seats that a group of an identity provider gives, which nobody can change here.
  managed_executor text not null default 'instruction'
                   check (managed_executor in ('directory', 'scim', 'instruction', 'webhook')),
  -- The webhook of the outside flow; needed where either executor is `webhook`.
  webhook_id       text,
  -- What whoever carries out an instruction should know: where, by which ticket.
  instruction_text text,
  revision         integer not null default 1,
  changed_by       text not null,
  changed_at       timestamptz not null
);

alter table plans
  -- Products other than Confluence that its accounts may lose; whoever applies the plan accepts that.
  add accepts_products text[] not null default '{}',
  add asked_by_holder boolean not null default false,
  -- Bounds under which it is carried out, fixed when it is made.
  add limits jsonb not null default '{}',
  -- While the first batch is tried: rows from this position on wait for it. Null: nothing waits.
  add canary_until integer,
  -- Failures that a person saw before resuming it; only those above them pause it again.
  add failures_seen integer not null default 0;
create index plans_applying on plans (created_at) where state = 'applying';

-- What the holder did after this speaks against taking the seat.
alter table plan_rows add unused_since timestamptz;

alter table actions
  -- The source answered that it made the change. Null after `sent_at`: nobody knows.
  add answered_at timestamptz,
  -- A person confirmed, or the outside flow reported, that it is done; it is read back from then on.
  add reported_at timestamptz,
  add reported_by text;
create index actions_due on actions (next_at) where state in ('planned', 'running');
create index plan_rows_executing on plan_rows (plan_id, position) where state = 'executing';
