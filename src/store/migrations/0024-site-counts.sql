-- What the overview tells of a site, counted when its summaries are written instead of at each look: seats by status,
-- accounts by class, seats with evidence of each kind, members of the groups that give a seat. Null until the next summary.
alter table site_summaries add column counts jsonb;
