-- What a first sync of 50,000 people writes by the hundred thousand.

-- A right is looked up by its whole identity, whichever of two indexes the planner takes: with the principal alone it read
-- every space of a class of people to find one.
drop index space_permissions_by_principal;
create index space_permissions_by_principal on space_permissions (site_id, principal_type, principal_id, space_id);
drop index role_assignments_by_principal;
create index role_assignments_by_principal on role_assignments (site_id, principal_type, principal_id, space_id);

-- Edges, events and evidence are written only by merges that join them with the accounts, groups and spaces they refer to,
-- and those are never deleted. Checking each row again, and locking what it refers to, took half of the time of writing.
alter table memberships drop constraint memberships_site_id_group_id_fkey;
alter table memberships drop constraint memberships_site_id_account_id_fkey;
alter table space_permissions drop constraint space_permissions_site_id_space_id_fkey;
alter table role_assignments drop constraint role_assignments_site_id_space_id_fkey;
alter table activity_events drop constraint activity_events_site_id_account_id_fkey;
alter table evidence drop constraint evidence_site_id_account_id_fkey;

-- What was seen since content was last read to its end; events lie in the order in which they were seen.
create index activity_events_seen on activity_events using brin (seen_at);
