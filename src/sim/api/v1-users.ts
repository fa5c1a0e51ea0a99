import { asciiJson, listParameter, Refused, v1Error, json, type Reply } from "../http.ts";
import { type Endpoint, siteUrl, type SiteCall } from "../simulation.ts";
import { type Account } from "../world/people.ts";
import { groupsOf, holdsSeat, type SiteWorld } from "../world/world.ts";
import { type Condition, CqlError, parseCql } from "./cql.ts";
import { expands, groupJson, limitOf, startOf, userJson, userObject, v1Links, v1Page } from "./v1-common.ts";

/** "will return up to 10k users" (Atlassian, v1 "Search users"). */
const USER_SEARCH_ROWS_MAX = 10_000;
const USER_SEARCH_PAGE_MAX = 200;
const BULK_USERS_MAX = 100;

const READ_USER = [["read:confluence-user"], ["read:content-details:confluence"]];

export const userEndpoints: readonly Endpoint<SiteCall>[] = [
  {
    method: "GET",
    template: "/wiki/rest/api/search/user",
    scopes: [["read:content-details:confluence"]],
    handle: searchUsers,
  },
  { method: "GET", template: "/wiki/rest/api/user", scopes: READ_USER, handle: getUser },
  { method: "GET", template: "/wiki/rest/api/user/current", scopes: READ_USER, handle: getCurrentUser },
  {
    method: "GET",
    template: "/wiki/rest/api/user/anonymous",
    scopes: [["read:confluence-user"], ["read:user:confluence"]],
    handle: getAnonymousUser,
  },
  { method: "GET", template: "/wiki/rest/api/user/bulk", scopes: READ_USER, handle: getUsers },
  {
    method: "GET",
    template: "/wiki/rest/api/user/memberof",
    scopes: [["read:confluence-user"], ["read:user:confluence", "read:group:confluence"]],
    handle: getGroupsOfUser,
  },
];

function searchUsers(call: SiteCall): Reply {
  const { sim, site, request } = call;
  const cql = request.query.get("cql") ?? "";
  const filter = request.query.get("sitePermissionTypeFilter") ?? "none";
  if (!["all", "externalCollaborator", "none"].includes(filter))
    return v1Error(400, `Unknown sitePermissionTypeFilter ${filter}`);
  const start = startOf(call);
  const limit = limitOf(call, 25, USER_SEARCH_PAGE_MAX);
  const withOperations = expands(call).has("operations");

  const found = findUsers(site, cql, filter);
  const cap = call.faults.find((each) => each.kind === "user-search-cap");
  const reachable = Math.min(found.length, cap?.amount ?? USER_SEARCH_ROWS_MAX);
  const page = found.slice(start, Math.min(start + limit, reachable));
  const rows = page.map((each) => searchResult(userJson(sim, site, each, withOperations), each, site));
  // `totalSize` is the size of the page, as a live site answered (TRAPS §3): whoever stops on it stops too early.
  const more = `,"totalSize":${rows.length},"cqlQuery":${JSON.stringify(cql)},"searchDuration":12`;
  return v1Page(call, { rows, start, limit, hasMore: start + rows.length < reachable && rows.length > 0, more });
}

function searchResult(user: string, account: Account, site: SiteWorld): string {
  const at = new Date(site.startedAt - (account.index % 1_000) * 3_600_000).toISOString();
  return `{"user":${user},"title":${asciiJson(account.displayName)},"excerpt":"","url":${JSON.stringify(`/people/${account.id}`)},"breadcrumbs":[],"entityType":"user","iconCssClass":"aui-icon content-type-profile","lastModified":"${at}","friendlyLastModified":"some time ago","score":0}`;
}

/** Kept until the site changes: a listing of 50,000 accounts asks for the same list 250 times. */
const listings = new WeakMap<SiteWorld, { version: number; byQuery: Map<string, Account[]> }>();
const LISTINGS_MAX = 20;

function findUsers(site: SiteWorld, cql: string, filter: string): Account[] {
  let kept = listings.get(site);
  if (kept?.version !== site.version) {
    kept = { version: site.version, byQuery: new Map() };
    listings.set(site, kept);
  }
  const key = `${filter} ${cql}`;
  const known = kept.byQuery.get(key);
  if (known) return known;
  const holds = userCondition(cql);
  const found = site.accounts.flatMap((index) => {
    const account = site.people[index];
    return account && isListed(site, account, filter) && holds(account) ? [account] : [];
  });
  if (kept.byQuery.size < LISTINGS_MAX) kept.byQuery.set(key, found);
  return found;
}

/** `none` is who is licensed, robots included; `all` shows everybody the site knows (FACTS §3, TRAPS §2.6). */
function isListed(site: SiteWorld, account: Account, filter: string): boolean {
  if (filter === "all") return true;
  if (filter === "externalCollaborator") return account.isGuest && account.state === "active";
  return account.kind === "app" || holdsSeat(site, account);
}

function userCondition(cql: string): (account: Account) => boolean {
  try {
    const { condition } = parseCql(cql);
    return (account) => holdsForUser(condition, account);
  } catch (error) {
    if (error instanceof CqlError) throw new Refused(v1Error(400, `Could not parse cql : ${error.message}`));
    throw error;
  }
}

function holdsForUser(condition: Condition, account: Account): boolean {
  if (condition.kind === "and") return condition.parts.every((each) => holdsForUser(each, account));
  if (condition.kind === "or") return condition.parts.some((each) => holdsForUser(each, account));
  if (condition.kind === "not") return !holdsForUser(condition.part, account);
  const { field, operator, values } = condition;
  const negated = operator === "!=" || operator === "not in" || operator === "!~";
  switch (field) {
    case "type":
      return values.includes("user") !== negated;
    case "user":
    case "user.accountid":
    case "user.userkey":
      return values.includes(account.id) !== negated;
    case "user.fullname": {
      const wanted = (values[0] ?? "").replaceAll("*", "").toLowerCase();
      return account.displayName.toLowerCase().includes(wanted) !== negated;
    }
    default:
      throw new Refused(v1Error(400, `Field '${field}' is not supported in user search`));
  }
}

export function findAccount(site: SiteWorld, accountId: string | null): Account | null {
  const found = accountId === null ? undefined : indexOf(site).get(accountId);
  return found === undefined ? null : (site.people[found] ?? null);
}

const indexes = new WeakMap<SiteWorld, { version: number; byId: Map<string, number> }>();

function indexOf(site: SiteWorld): Map<string, number> {
  const known = indexes.get(site);
  if (known?.version === site.version) return known.byId;
  const byId = new Map(site.accounts.map((index) => [site.people[index]?.id ?? "", index]));
  indexes.set(site, { version: site.version, byId });
  return byId;
}

function getUser(call: SiteCall): Reply {
  const account = findAccount(call.site, call.request.query.get("accountId"));
  if (!account) return v1Error(404, "No user found with the account id.");
  return json(userJson(call.sim, call.site, account, expands(call).has("operations")), { identities: 1 });
}

function getCurrentUser(call: SiteCall): Reply {
  return json(userJson(call.sim, call.site, call.caller.account, expands(call).has("operations")), { identities: 1 });
}

function getAnonymousUser(call: SiteCall): Reply {
  const { sim, site } = call;
  const base = `${siteUrl(sim, site)}/wiki`;
  const answer = {
    type: "anonymous",
    profilePicture: { path: "/wiki/aa-avatar/anonymous", width: 48, height: 48, isDefault: true },
    displayName: "Anonymous",
    operations: [{ operation: "use", targetType: "application" }],
    _expandable: {},
    _links: { base, context: "/wiki", self: `${base}/rest/api/user/anonymous` },
  };
  return json(answer, { identities: 1 });
}

/** At most 100, more are passed over (Atlassian, "Get multiple users using ids"). */
function getUsers(call: SiteCall): Reply {
  const { sim, site, request } = call;
  const ids = listParameter(request.query, "accountId").slice(0, BULK_USERS_MAX);
  const withOperations = expands(call).has("operations");
  const rows = ids.flatMap((id) => {
    const account = findAccount(site, id);
    if (!account) return [];
    const user = userObject(sim, site, account, withOperations);
    return [JSON.stringify({ ...user, externalCollaborator: undefined, accountStatus: undefined })];
  });
  return json(
    `{"results":[${rows.join(",")}],"start":0,"limit":${BULK_USERS_MAX},"size":${rows.length},"_links":${v1Links(call, null)}}`,
    {
      identities: rows.length,
    },
  );
}

function getGroupsOfUser(call: SiteCall): Reply {
  const { sim, site, request } = call;
  const account = findAccount(site, request.query.get("accountId"));
  if (!account) return v1Error(404, "No user found with the account id.");
  const start = startOf(call);
  const limit = limitOf(call, 200, 200);
  const groups = groupsOf(site, account.index);
  const rows = groups.slice(start, start + limit).map((each) => groupJson(sim, site, each));
  return v1Page(call, { rows, start, limit, hasMore: start + rows.length < groups.length });
}
