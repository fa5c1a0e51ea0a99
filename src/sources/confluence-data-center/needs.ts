import type { CapabilityNeeds } from "../source.ts";

const NO_POINTS = { pointsPerPage: 0, rowsPerPage: 200 };
const ONE = { pointsPerPage: 0, rowsPerPage: 1 };
/** Data Center has no scopes: a credential may do what its account may. */
const SCOPES = { "personal-access-token": [], basic: [] };

/** What each capability needs, as Atlassian documents it (FACTS §10, spec DC). */
export const CONFLUENCE_DATA_CENTER_NEEDS: readonly CapabilityNeeds[] = [
  {
    capability: "roster",
    stores: [
      "Accounts: user key, user name, display name, active or deactivated, whether the license counts it",
      "Groups: name; their members; groups within them; which of them give the permission to use Confluence",
      "The instance: address, version",
    ],
    scopes: SCOPES,
    role: "Confluence administrator; without it, who is in which group and whom the license counts is not told",
    endpoints: [
      { method: "GET", path: "/rest/api/user/list", ...NO_POINTS },
      { method: "GET", path: "/rest/api/admin/users/list/active", ...NO_POINTS },
      { method: "GET", path: "/rest/api/user", ...ONE },
      { method: "GET", path: "/rest/api/user/current", ...ONE },
      { method: "GET", path: "/rest/api/user/memberof", ...NO_POINTS },
      { method: "GET", path: "/rest/api/group", ...NO_POINTS },
      { method: "GET", path: "/rest/api/group/{groupName}", ...ONE },
      { method: "GET", path: "/rest/api/group/{groupName}/member", ...NO_POINTS },
      { method: "GET", path: "/rest/api/group/{groupName}/groupmember", ...NO_POINTS },
      { method: "GET", path: "/rest/api/group/{groupName}/groupparent", ...NO_POINTS },
      { method: "GET", path: "/rest/api/permissions", ...ONE },
      { method: "GET", path: "/rest/api/server-information", ...ONE },
    ],
    lacks: { "data-center": "e-mail addresses; before 9.1 also the groups that give Confluence" },
  },
  {
    capability: "activity",
    stores: [
      "Who created or changed which page, blog post, comment or attachment, and when: id, title, space, version",
      "What the audit log records, as far as its coverage goes",
    ],
    scopes: SCOPES,
    role: "Permission to use Confluence; for the audit log, Confluence administrator",
    endpoints: [
      { method: "GET", path: "/rest/api/content/search", ...NO_POINTS },
      { method: "GET", path: "/rest/auditing/1.0/events", ...NO_POINTS },
    ],
    lacks: { "data-center": "the last log-in: no REST API tells it, so it is imported as evidence" },
  },
  {
    capability: "permissions",
    stores: [
      "Spaces: id, key, name, type, status, when they were made",
      "Who holds which permission on each space: accounts, groups and visitors without an account",
    ],
    scopes: SCOPES,
    role: "Confluence administrator, or administrator of each space; a space that the account may not view is not seen",
    endpoints: [
      { method: "GET", path: "/rest/api/space", ...NO_POINTS },
      { method: "GET", path: "/rest/api/space/{spaceKey}", ...ONE },
      { method: "GET", path: "/rest/api/space/{spaceKey}/permissions", ...ONE },
      { method: "POST", path: "/rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets", ...ONE },
    ],
    lacks: { "data-center": "space roles, which are Cloud's" },
  },
  {
    capability: "reclaim",
    stores: [
      "Nothing of its own: what was changed, for whom and why stands in the journal",
      "What the account held right before and right after each change: its groups, whether it is active",
    ],
    scopes: SCOPES,
    role: "Confluence administrator",
    endpoints: [
      { method: "PUT", path: "/rest/api/user/{username}/group/{groupName}", ...ONE },
      { method: "DELETE", path: "/rest/api/user/{username}/group/{groupName}", ...ONE },
      { method: "PUT", path: "/rest/api/admin/user/{username}/disable", ...ONE },
      { method: "PUT", path: "/rest/api/admin/user/{username}/enable", ...ONE },
      { method: "POST", path: "/rest/api/admin/group", ...ONE },
      { method: "DELETE", path: "/rest/api/admin/group/{groupName}", ...ONE },
      { method: "GET", path: "/rest/api/user/memberof", ...NO_POINTS },
      { method: "GET", path: "/rest/license/1.0/license/details", ...ONE },
    ],
    lacks: {
      "data-center": "suspension, which is the organization's; disabling the user does the same for one instance",
    },
  },
];
