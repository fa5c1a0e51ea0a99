import { z } from "zod";
import { defineRoute, idOf, instant } from "./contract.ts";
import {
  AccountClassName,
  GroupManagementName,
  nestedFilter,
  searchFilter,
  SeatStatusName,
  viaField,
} from "./inventory.ts";
import { Facets, FACETS_SAY } from "./facets.ts";
import { defineList, flag, manyOf } from "./lists.ts";

const params = z.strictObject({ groupId: idOf("group") });

const NO_SUCH_GROUP = {
  "no-such-group": { status: 404, says: "There is no such group now. List groups to see which there are." },
} as const;

const groupFields = {
  groupId: z.string(),
  siteId: z.string(),
  site: z.string(),
  sourceId: z.string(),
  name: z.string(),
  givesSeat: z.enum(["user", "admin"]).nullable(),
  productAccess: z.enum(["found", "confirmed", "added", "dropped", "not-found"]).nullable(),
  members: z.int().meta({ description: "Direct members." }),
  active: z.int().nullable().meta({ description: "Members whose seat is active; likewise below." }),
  idle: z.int().nullable(),
  neverUsed: z.int().nullable(),
  noEvidence: z.int().nullable(),
  opensSpaces: z.int(),
  highestPermission: z
    .enum(["administer", "read", "other"])
    .nullable()
    .meta({ description: "The most that it may do in any space; null when it opens none." }),
  managedBy: GroupManagementName.nullable(),
};

export const Group = z.object(groupFields).meta({ id: "Group" });

const groupFilters = {
  siteId: idOf("site").optional(),
  givesSeat: flag.optional(),
  managedBy: manyOf(GroupManagementName).optional(),
  q: searchFilter,
};

export const listGroups = defineList({
  id: "groups.list",
  path: "/groups",
  summary: "Groups: what each gives, to how many, and who keeps it",
  scope: "inventory:read",
  item: Group,
  sorts: ["name", "members"],
  filters: groupFilters,
  asOf: { nulls: "`active`, `idle`, `neverUsed`, `noEvidence`" },
});

export const getGroup = defineRoute({
  id: "groups.get",
  method: "GET",
  path: "/groups/{groupId}",
  summary: "One group",
  scope: "inventory:read",
  params,
  answer: z.object({ ...groupFields, dataAsOf: instant.nullable() }).meta({ id: "GroupDetail" }),
  refusals: NO_SUCH_GROUP,
});

const Compared = z.object({
  counts: z.object({ one: z.int(), other: z.int(), both: z.int() }),
  items: z
    .array(z.object({ side: z.enum(["one", "other", "both"]), id: z.string(), name: z.string() }))
    .meta({ description: "The first 100 of each side, by name." }),
});

export const compareGroups = defineRoute({
  id: "groups.compare",
  method: "GET",
  path: "/groups/compare",
  summary: "What two groups have in common: people and spaces",
  description:
    "People with those of nested groups; spaces that a group opens itself. `one` and `other`: that one alone.",
  scope: "inventory:read",
  query: z.strictObject({ one: idOf("group"), other: idOf("group") }),
  answer: z.object({ one: Group, other: Group, people: Compared, spaces: Compared }).meta({ id: "GroupComparison" }),
  refusals: NO_SUCH_GROUP,
});

export const listGroupMembers = defineList({
  id: "groups.members",
  path: "/groups/{groupId}/members",
  summary: "Members of a group and how they use their seats",
  scope: "inventory:read",
  params,
  item: z
    .object({
      accountId: z.string(),
      personId: z.string(),
      name: z.string(),
      email: z.string().nullable(),
      accountClass: AccountClassName,
      status: SeatStatusName.nullable(),
      lastActivityAt: instant.nullable(),
      memberSince: instant.meta({ description: "When Usher first saw the account in the group." }),
      via: viaField,
    })
    .meta({ id: "GroupMember" }),
  sorts: ["name", "lastActivityAt"],
  filters: {
    status: manyOf(SeatStatusName).optional(),
    class: manyOf(AccountClassName).optional(),
    nested: nestedFilter,
  },
  refusals: NO_SUCH_GROUP,
  asOf: {
    notSorts: ["lastActivityAt"],
    notFilters: ["status"],
    nulls: "`status`; `lastActivityAt` is the latest activity up to then of which an event was kept",
  },
});

export const listNestedGroups = defineList({
  id: "groups.nested",
  path: "/groups/{groupId}/nested",
  summary: "Groups that are nested in a group, and groups that it is nested in",
  description: "One level either way, on Data Center; Cloud has none. Members of a nested group are members of both.",
  scope: "inventory:read",
  params,
  item: z
    .object({
      groupId: z.string(),
      name: z.string(),
      relation: z.enum(["inside", "around"]).meta({
        description: "`inside`: it is nested in this group; `around`: this group is nested in it.",
      }),
      members: z.int().meta({ description: "Direct members." }),
      since: instant.meta({ description: "When Usher first saw the nesting." }),
    })
    .meta({ id: "NestedGroup" }),
  sorts: ["name"],
  filters: { relation: z.enum(["inside", "around"]).optional() },
  refusals: NO_SUCH_GROUP,
  asOf: {},
});

export const listGroupFacets = defineRoute({
  id: "groups.facets",
  method: "GET",
  path: "/groups/facets",
  summary: "How many groups the list would have with each value of its filters",
  description: FACETS_SAY,
  scope: "inventory:read",
  query: z.strictObject(groupFilters),
  answer: Facets,
});

export const groupRoutes = [listGroupFacets, listGroups, compareGroups, getGroup, listGroupMembers, listNestedGroups];
