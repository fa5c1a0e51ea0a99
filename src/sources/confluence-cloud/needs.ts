import type { CapabilityNeeds } from "../source.ts";

const FOR_A_PAGE_OF_USERS = { pointsPerPage: 401, rowsPerPage: 200 };

/** A write costs one point, whatever it changes (FACTS §8). */
const ONE_WRITE = { pointsPerPage: 1, rowsPerPage: 1 };
const BY_ORGANIZATION = { pointsPerPage: 0, rowsPerPage: 1 };

/**
 * What each capability needs, as Atlassian documents it (FACTS §1, scopes per endpoint). The scopes of a kind of
 * credential are the least set with which everything of the capability works; with fewer, less of it does.
 */
export const CONFLUENCE_CLOUD_NEEDS: readonly CapabilityNeeds[] = [
  {
    capability: "roster",
    stores: [
      "Accounts: id, display name, public name, e-mail where its owner shows it, type, status, guest or not, time zone",
      "With an organization key also: department, job title, location, claimed by the organization or not, suspended or not",
      "Groups: id, name, who manages them; their members; which of them give Confluence",
      "The site: name, edition, role mode",
    ],
    scopes: {
      oauth: [
        "offline_access",
        "read:content-details:confluence",
        "read:confluence-groups",
        "read:confluence-user",
        "read:user:confluence",
        "read:configuration:confluence",
      ],
      "api-token": [],
      "scoped-api-token": [
        "read:content-details:confluence",
        "read:confluence-groups",
        "read:confluence-user",
        "read:user:confluence",
        "read:configuration:confluence",
      ],
      "organization-key": ["read:directories:admin", "read:accounts:admin", "read:groups:admin"],
    },
    role: "Permission to use Confluence; with an organization key, organization admin",
    endpoints: [
      { method: "GET", path: "/wiki/rest/api/search/user", ...FOR_A_PAGE_OF_USERS },
      { method: "POST", path: "/wiki/api/v2/users-bulk", pointsPerPage: 201, rowsPerPage: 100 },
      { method: "GET", path: "/wiki/rest/api/user/bulk", pointsPerPage: 201, rowsPerPage: 100 },
      { method: "GET", path: "/wiki/rest/api/user/current", pointsPerPage: 3, rowsPerPage: 1 },
      { method: "GET", path: "/wiki/rest/api/group", ...FOR_A_PAGE_OF_USERS },
      { method: "GET", path: "/wiki/rest/api/group/by-id", pointsPerPage: 3, rowsPerPage: 1 },
      { method: "GET", path: "/wiki/rest/api/group/{groupId}/membersByGroupId", ...FOR_A_PAGE_OF_USERS },
      { method: "GET", path: "/wiki/rest/api/user/memberof", ...FOR_A_PAGE_OF_USERS },
      { method: "GET", path: "/wiki/rest/api/settings/systemInfo", pointsPerPage: 2, rowsPerPage: 1 },
      { method: "GET", path: "/admin/v1/orgs", pointsPerPage: 0, rowsPerPage: 50 },
      { method: "POST", path: "/admin/v2/orgs/{orgId}/workspaces", pointsPerPage: 0, rowsPerPage: 1_000 },
      {
        method: "POST",
        path: "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/search",
        pointsPerPage: 0,
        rowsPerPage: 100,
      },
    ],
    lacks: { free: "guests" },
  },
  {
    capability: "activity",
    stores: [
      "Who created or changed which page, blog post, comment or attachment, and when: id, title, space, version",
      "From the audit log: who changed accounts, groups, spaces and rights, when and what, and whom it concerns where that can be told",
      "With an organization key also: when each account last viewed Confluence",
    ],
    scopes: {
      oauth: ["search:confluence", "read:audit-log:confluence"],
      "api-token": [],
      "scoped-api-token": ["search:confluence", "read:audit-log:confluence"],
      "organization-key": ["read:directories:admin", "read:accounts:admin"],
    },
    role: "Permission to use Confluence; for the audit log, Confluence administrator; with an organization key, organization admin",
    endpoints: [
      { method: "GET", path: "/wiki/rest/api/content/search", pointsPerPage: 251, rowsPerPage: 250 },
      { method: "GET", path: "/wiki/rest/api/audit", pointsPerPage: 1_001, rowsPerPage: 1_000 },
      {
        method: "POST",
        path: "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search",
        pointsPerPage: 0,
        rowsPerPage: 100,
      },
    ],
    lacks: { free: "no audit log; activity is read from content" },
  },
  {
    capability: "permissions",
    stores: [
      "Spaces: id, key, name, type, status, owner, when they were made",
      "Who holds which permission or role on each space: accounts, groups and access classes",
      "Space roles: name, description, permissions",
    ],
    scopes: {
      oauth: ["read:space:confluence", "read:space.permission:confluence", "read:configuration:confluence"],
      "api-token": [],
      "scoped-api-token": [
        "read:space:confluence",
        "read:space.permission:confluence",
        "read:configuration:confluence",
      ],
    },
    role: "Permission to view the spaces: a space that the account may not view is not seen",
    endpoints: [
      { method: "GET", path: "/wiki/api/v2/spaces", pointsPerPage: 251, rowsPerPage: 250 },
      { method: "GET", path: "/wiki/api/v2/spaces/{id}", pointsPerPage: 2, rowsPerPage: 1 },
      { method: "GET", path: "/wiki/api/v2/spaces/{id}/permissions", pointsPerPage: 501, rowsPerPage: 250 },
      { method: "GET", path: "/wiki/api/v2/spaces/{id}/role-assignments", pointsPerPage: 501, rowsPerPage: 250 },
      { method: "GET", path: "/wiki/api/v2/space-roles", pointsPerPage: 501, rowsPerPage: 250 },
      { method: "GET", path: "/wiki/api/v2/space-role-mode", pointsPerPage: 2, rowsPerPage: 1 },
    ],
    lacks: {},
  },
  {
    capability: "reclaim",
    stores: [
      "Nothing of its own: what was changed, for whom and why stands in the journal",
      "What the account held right before and right after each change: its groups, whether it is suspended",
    ],
    scopes: {
      oauth: ["write:confluence-groups", "read:confluence-groups", "read:confluence-user"],
      "api-token": [],
      "scoped-api-token": ["write:confluence-groups", "read:confluence-groups", "read:confluence-user"],
      "organization-key": [],
      "scim-key": [],
    },
    role: "Site admin; with an organization key, organization admin, and a key without scopes; a SCIM key opens its directory alone",
    endpoints: [
      { method: "POST", path: "/wiki/rest/api/group/userByGroupId", ...ONE_WRITE },
      { method: "DELETE", path: "/wiki/rest/api/group/userByGroupId", ...ONE_WRITE },
      { method: "POST", path: "/wiki/rest/api/group", ...ONE_WRITE },
      { method: "DELETE", path: "/wiki/rest/api/group/by-id", ...ONE_WRITE },
      { method: "GET", path: "/wiki/rest/api/user/memberof", ...FOR_A_PAGE_OF_USERS },
      { method: "GET", path: "/admin/v2/orgs/{orgId}/directories", pointsPerPage: 0, rowsPerPage: 100 },
      {
        method: "POST",
        path: "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships",
        ...BY_ORGANIZATION,
      },
      {
        method: "DELETE",
        path: "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships/{accountId}",
        ...BY_ORGANIZATION,
      },
      {
        method: "POST",
        path: "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend",
        ...BY_ORGANIZATION,
      },
      {
        method: "POST",
        path: "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/restore",
        ...BY_ORGANIZATION,
      },
      { method: "GET", path: "/scim/directory/{directoryId}/Users", ...BY_ORGANIZATION },
      { method: "PATCH", path: "/scim/directory/{directoryId}/Users/{userId}", ...BY_ORGANIZATION },
    ],
    lacks: {},
  },
];
