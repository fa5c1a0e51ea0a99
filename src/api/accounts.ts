import { z } from "zod";
import { idOf, instant } from "./contract.ts";
import { EXCLUSION_FILTERS, exclusionFilters, exclusionsField } from "./exclusions.ts";
import {
  AccountClassName,
  GroupManagementName,
  nestedFilter,
  searchFilter,
  SeatStatusName,
  viaField,
} from "./inventory.ts";
import { defineList, manyOf } from "./lists.ts";
import { accountMatchRoutes, MatchSituationName } from "./match-rules.ts";

export const Account = z
  .object({
    accountId: z.string(),
    siteId: z.string(),
    site: z.string(),
    personId: z.string(),
    sourceId: z.string().meta({ description: "The account's id at the source." }),
    accountClass: AccountClassName,
    accountType: z.enum(["atlassian", "app", "customer", "unknown"]),
    accountStatus: z.enum(["active", "inactive", "closed", "unknown"]),
    isGuest: z.boolean(),
    isSuspended: z.boolean().nullable().meta({ description: "Null where no organization key tells." }),
    isManaged: z.boolean().nullable(),
    displayName: z.string(),
    publicName: z.string().nullable(),
    givenName: z.string().nullable(),
    middleName: z.string().nullable(),
    familyName: z.string().nullable(),
    email: z.string().nullable(),
    department: z.string().nullable(),
    jobTitle: z.string().nullable(),
    location: z.string().nullable(),
    timeZone: z.string().nullable(),
    addedAt: instant.nullable().meta({ description: "When it came to the organization's directory." }),
    firstSeenAt: instant,
    origins: z.record(z.string(), z.string()).meta({ description: "Which source each given field came from." }),
    seatId: z.string().nullable(),
    status: SeatStatusName.nullable(),
    lastActivityAt: instant.nullable(),
    groups: z.int().meta({ description: "Groups that it is a direct member of." }),
    spaces: z.int().nullable(),
    exclusions: exclusionsField,
    attributes: z.record(z.string(), z.string()).meta({ description: "Further attributes, from a file." }),
    match: z
      .object({
        situation: MatchSituationName,
        method: z.enum(["rule", "manual", "account-type"]).nullable(),
        ruleId: z.string().nullable(),
        confidence: z.enum(["exact", "likely"]).nullable(),
        candidates: z.array(z.string()).meta({
          description: "People whom a rule proposes, or between whom it cannot tell.",
        }),
        candidateNames: z.array(z.string()).meta({ description: "How they are called, in the same order." }),
        by: z.string().meta({ description: "An operator's id, or `system`." }),
        at: instant,
        reason: z.string().nullable(),
      })
      .nullable()
      .meta({ description: "How the person behind the account was found; null before the first run ended." }),
  })
  .meta({ id: "Account" });

export const listAccounts = defineList({
  id: "accounts.list",
  path: "/accounts",
  summary: "Accounts of each site with every field of the roster, and where it came from",
  scope: "inventory:read",
  item: Account,
  sorts: ["name", "lastActivityAt"],
  filters: {
    siteId: idOf("site").optional(),
    connectionId: idOf("connection").optional().meta({ description: "Of sites that this connection reaches." }),
    class: manyOf(AccountClassName).optional(),
    status: manyOf(SeatStatusName).optional(),
    groupId: idOf("group").optional(),
    situation: manyOf(MatchSituationName).optional(),
    q: searchFilter,
    ...exclusionFilters,
  },
  asOf: {
    notSorts: ["lastActivityAt"],
    notFilters: ["status", ...EXCLUSION_FILTERS],
    nulls: "`status`; `lastActivityAt` is the latest activity up to then of which an event was kept",
  },
});

export const listAccountGroups = defineList({
  id: "accounts.groups",
  path: "/accounts/{accountId}/groups",
  summary: "Groups that an account is in",
  scope: "inventory:read",
  params: z.strictObject({ accountId: idOf("account") }),
  item: z
    .object({
      groupId: z.string(),
      name: z.string(),
      managedBy: GroupManagementName.nullable(),
      givesSeat: z.boolean(),
      memberSince: instant.meta({ description: "When Usher first saw the account there." }),
      via: viaField,
    })
    .meta({ id: "GroupOfAccount" }),
  sorts: ["name", "memberSince"],
  filters: { nested: nestedFilter },
  refusals: {
    "no-such-account": { status: 404, says: "There is no such account. List accounts to see which there are." },
  },
  asOf: {},
});

export const accountRoutes = [listAccounts, listAccountGroups, ...accountMatchRoutes];
