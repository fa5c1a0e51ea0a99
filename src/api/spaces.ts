import { z } from "zod";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { PrincipalTypeName, searchFilter } from "./inventory.ts";
import { Facets, FACETS_SAY } from "./facets.ts";
import { defineList, flag, manyOf } from "./lists.ts";

export const spaceParams = z.strictObject({ spaceId: idOf("space") });

export const NO_SUCH_SPACE = {
  "no-such-space": { status: 404, says: "There is no such space now. List spaces to see which there are." },
} as const;

const SpaceRiskName = z.enum(["anonymous-can-read", "no-admin", "one-admin"]).meta({
  id: "SpaceRisk",
  description:
    "`anonymous-can-read`: without an account. `no-admin`: nobody can change its rights but an administrator of the site; `one-admin`: when that person leaves, nobody can. Of personal spaces neither is said.",
});

const spaceFields = {
  spaceId: z.string(),
  siteId: z.string(),
  site: z.string(),
  sourceId: z.string(),
  key: z.string(),
  name: z.string(),
  type: z.string(),
  status: z.enum(["current", "archived"]),
  owner: z.string().nullable(),
  people: z.int().meta({ description: "Accounts that may read it, guests included; visitors without one are not." }),
  admins: z.int(),
  guests: z.int(),
  isAnonymous: z.boolean().meta({ description: "Anybody may read it without signing in." }),
  isOpen: z.boolean().meta({ description: "Everybody with a seat may read it." }),
  principals: z.int().meta({ description: "Accounts, groups and classes that hold a right." }),
  edits90d: z.int().meta({
    description: "Pages, blog posts, comments and attachments that were seen to be written there in the last 90 days.",
  }),
  lastActivityAt: instant.nullable().meta({ description: "Of which an event was kept; null: of none." }),
  risks: z.array(SpaceRiskName),
  isVisible: z
    .boolean()
    .nullable()
    .meta({ description: "False: the credential no longer sees it; this is what it saw last." }),
};

export const Space = z.object(spaceFields).meta({ id: "Space" });

const spaceFilters = {
  siteId: idOf("site").optional(),
  type: manyOf(text(50)).optional(),
  status: z.enum(["current", "archived"]).optional(),
  anonymous: flag.optional(),
  q: searchFilter,
};

export const listSpaces = defineList({
  id: "spaces.list",
  path: "/spaces",
  summary: "Spaces: how many may read and administer each, and how openly",
  scope: "inventory:read",
  item: Space,
  sorts: ["name", "key"],
  filters: spaceFilters,
  asOf: { nulls: "`isVisible`" },
});

export const getSpace = defineRoute({
  id: "spaces.get",
  method: "GET",
  path: "/spaces/{spaceId}",
  summary: "One space",
  scope: "inventory:read",
  params: spaceParams,
  answer: z.object({ ...spaceFields, dataAsOf: instant.nullable() }).meta({ id: "SpaceDetail" }),
  refusals: NO_SUCH_SPACE,
});

export const listSpacePermissions = defineList({
  id: "spaces.permissions",
  path: "/spaces/{spaceId}/permissions",
  summary: "Who holds which rights on a space, as the source gives them",
  scope: "inventory:read",
  params: spaceParams,
  item: z
    .object({
      principalType: PrincipalTypeName,
      principalId: z.string(),
      name: z.string().nullable(),
      groupId: z.string().nullable().meta({ description: "Null for what is no group, or none that is known here." }),
      members: z.int().nullable().meta({
        description: "People whom a group brings, with the groups nested in it; null for the others.",
      }),
      canRead: z.boolean(),
      canAdminister: z.boolean(),
      roles: z.array(z.string()),
      permissions: z.array(z.string()).meta({ description: "Of the roles: ids of the source, as they are." }),
      operations: z.array(z.object({ key: z.string(), target: z.string(), sourceId: z.string() })),
      since: instant.meta({ description: "When Usher first saw these rights as they are." }),
    })
    .meta({ id: "SpacePermission" }),
  sorts: ["principal"],
  filters: { principalType: manyOf(PrincipalTypeName).optional() },
  refusals: NO_SUCH_SPACE,
  asOf: {},
});

export const listSpaceRoles = defineList({
  id: "space-roles.list",
  path: "/space-roles",
  summary: "Roles that spaces can give, on sites that use roles",
  scope: "inventory:read",
  item: z
    .object({
      roleId: z.string(),
      siteId: z.string(),
      site: z.string(),
      sourceId: z.string(),
      name: z.string(),
      description: z.string().nullable(),
      isCustom: z.boolean(),
      permissions: z.array(z.string()).meta({ description: "Ids of the source, as they are." }),
      canRead: z.boolean(),
      canAdminister: z.boolean(),
      assignments: z.int().meta({ description: "Principals of spaces that hold it." }),
      since: instant.meta({ description: "When Usher first saw the role as it is." }),
    })
    .meta({ id: "SpaceRole" }),
  sorts: ["name", "assignments"],
  filters: { siteId: idOf("site").optional(), custom: flag.optional() },
  asOf: {},
});

export const listSpaceFacets = defineRoute({
  id: "spaces.facets",
  method: "GET",
  path: "/spaces/facets",
  summary: "How many spaces the list would have with each value of its filters",
  description: FACETS_SAY,
  scope: "inventory:read",
  query: z.strictObject(spaceFilters),
  answer: Facets,
});

export const spaceRoutes = [listSpaceFacets, listSpaces, getSpace, listSpacePermissions, listSpaceRoles];
