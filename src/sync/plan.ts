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

/** One listing of a batch of ids; its key is the first of them. */
export function plannedBatches(batches: readonly string[]): Planned[] {
  return batches.map((batch) => ({
    key: `account-statuses/${batch.split(" ")[0]}`,
    kind: "account-statuses",
    scope: batch,
  }));
}

/** What a run begins with; the listings of each group, space and batch of accounts follow from these. */
export function firstListings(run: Pick<RunUnderWay, "run" | "setup" | "source" | "contentSince">): Planned[] {
  const whole = (kind: ListingKind): Planned => ({ key: kind, kind, scope: null });
  const roster = [whole("accounts"), ...planned("product-access", ["user", "admin"])];
  if (run.run.scope === "license") return roster;

  const can = run.source.abilities.listings;
  const directory = can["organization-accounts"] === null ? [whole("organization-accounts")] : [];
  const directoryGroups =
    directory.length > 0 && can["organization-groups"] === null ? [whole("organization-groups")] : [];
  const wants = (capability: "activity" | "permissions") => run.setup.capabilities.includes(capability);
  return [
    ...(wants("activity") ? contentListings(run.contentSince) : []),
    ...roster,
    whole("groups"),
    ...directory,
    ...directoryGroups,
    ...(wants("permissions") ? [whole("spaces"), ...(triesRoles(run) ? [whole("space-roles")] : [])] : []),
  ];
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
 * pass over what a site is known to have.
 */
export function rightsListings(run: Pick<RunUnderWay, "setup">, catalog: ListingState | null): ListingKind[] {
  const isKnown = run.setup.site.roleMode !== null;
  const readsRoles = catalog === "complete" || (catalog === "failed" && isKnown);
  return [
    ...(usesPermissions(run) ? (["space-permissions"] as const) : []),
    ...(readsRoles ? (["role-assignments"] as const) : []),
  ];
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
