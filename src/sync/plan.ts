import type { ListingKind, ListingState } from "../model/runs.ts";
import type { ContentType } from "../sources/source.ts";
import type { RunUnderWay } from "./context.ts";

export interface Planned {
  key: string;
  kind: ListingKind;
  scope: string | null;
}

const CONTENT_TYPES: readonly ContentType[] = ["page", "blogpost", "comment", "attachment"];

/** One listing for each scope. */
export function planned(kind: ListingKind, scopes: readonly string[]): Planned[] {
  return scopes.map((scope) => ({ key: `${kind}/${scope}`, kind, scope }));
}

/** The members of each of these groups, with the groups within it. */
export function membersOfGroups(run: Pick<RunUnderWay, "source">, groupSourceIds: readonly string[]): Planned[] {
  return [...planned("memberships", groupSourceIds), ...nestingsOfGroups(run, groupSourceIds)];
}

/** The groups within each of these, where the source has such. */
export function nestingsOfGroups(
  { source }: Pick<RunUnderWay, "source">,
  groupSourceIds: readonly string[],
): Planned[] {
  return source.abilities.listings.subgroups === null ? planned("group-nestings", groupSourceIds) : [];
}

/** One listing of a batch of ids; its key is the first of them. */
export function plannedBatches(batches: readonly string[]): Planned[] {
  return batches.map((batch) => ({
    key: `account-statuses/${batch.split(" ")[0]}`,
    kind: "account-statuses",
    scope: batch,
  }));
}

/** The one listing of the audit log; its rows are kept under this key until the run concludes. */
export const AUDIT_KEY = "audit-activity";

type RunToPlan = Pick<RunUnderWay, "run" | "setup" | "source" | "contentSince" | "auditSince">;

/** What a run begins with; the listings of each group, space and batch of accounts follow from these. */
export function firstListings(run: RunToPlan): Planned[] {
  const whole = (kind: ListingKind): Planned => ({ key: kind, kind, scope: null });
  if (run.run.scope === "delta") return auditListing(run);
  const roster = [whole("accounts"), ...planned("product-access", ["user", "admin"])];
  if (run.run.scope === "license") return roster;

  const can = run.source.abilities.listings;
  const directory = can["organization-accounts"] === null ? [whole("organization-accounts")] : [];
  const directoryGroups =
    directory.length > 0 && can["organization-groups"] === null ? [whole("organization-groups")] : [];
  const wants = (capability: "activity" | "permissions") => run.setup.capabilities.includes(capability);
  return [
    // Before everything else: what is changed while the run goes on is in the log after this, and is followed from here.
    ...auditListing(run),
    ...(wants("activity") ? contentListings(run.contentSince) : []),
    ...roster,
    whole("groups"),
    ...directory,
    ...directoryGroups,
    ...(wants("permissions") ? [whole("spaces"), ...(triesRoles(run) ? [whole("space-roles")] : [])] : []),
  ];
}

function auditListing({ setup, auditSince }: RunToPlan): Planned[] {
  if (!auditSince || !setup.capabilities.includes("activity")) return [];
  return [{ key: AUDIT_KEY, kind: "audit-activity", scope: auditSince.toISOString() }];
}

/** Every site but one that uses roles only may hold rights as permissions. */
export function usesPermissions({ setup }: Pick<RunUnderWay, "setup">): boolean {
  return setup.site.roleMode !== "roles";
}

/** While the mode is not known, roles are tried, unless no credential could read them anyway. */
export function triesRoles({ setup, source }: Pick<RunUnderWay, "setup" | "source">): boolean {
  const { roleMode } = setup.site;
  return roleMode === null ? source.abilities.listings["space-roles"] === null : roleMode !== "pre-roles";
}

/**
 * The listings of each space, once the catalog of roles has ended in `catalog` (null: it was not asked for). A catalog
 * that may not be read is not followed by as many refusals as there are spaces; one that merely failed is no reason to
 * pass over what a site is known to have. A run that follows hints goes by the mode alone.
 */
export function rightsListings(run: Pick<RunUnderWay, "run" | "setup">, catalog: ListingState | null): ListingKind[] {
  const isKnown = run.setup.site.roleMode !== null;
  const readsRoles =
    run.run.scope === "delta"
      ? isKnown && run.setup.site.roleMode !== "pre-roles"
      : catalog === "complete" || (catalog === "failed" && isKnown);
  return [
    ...(usesPermissions(run) ? (["space-permissions"] as const) : []),
    ...(readsRoles ? (["role-assignments"] as const) : []),
  ];
}

/** Who may do what in each of these spaces; `catalog` as in `rightsListings`. */
export function rightsOfSpaces(
  run: Pick<RunUnderWay, "run" | "setup">,
  spaceSourceIds: readonly string[],
  catalog: ListingState | null = null,
): Planned[] {
  return rightsListings(run, catalog).flatMap((kind) => planned(kind, spaceSourceIds));
}

function contentListings(since: Date): Planned[] {
  return CONTENT_TYPES.map((type) => ({
    key: `content-activity/${type}`,
    kind: "content-activity",
    scope: `${type} ${since.toISOString()}`,
  }));
}

/** Long chains of pages first, then what is read one by one: so that the last seconds are not one long chain alone. */
export function priorityOf(kind: ListingKind): 0 | 1 | 2 {
  if (kind === "memberships" || kind === "group-nestings") return 1;
  return kind === "space-permissions" || kind === "role-assignments" || kind === "account-statuses" ? 2 : 0;
}
