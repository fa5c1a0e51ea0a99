-- A right is looked up by its whole identity, whichever of two indexes the planner takes: with the principal alone it read
-- every space of a class of people to find one.

drop index space_permissions_by_principal;
create index space_permissions_by_principal on space_permissions (site_id, principal_type, principal_id, space_id);

drop index role_assignments_by_principal;
create index role_assignments_by_principal on role_assignments (site_id, principal_type, principal_id, space_id);
