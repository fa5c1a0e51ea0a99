import { z } from "zod";
import { Account } from "./accounts.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { EXCLUSION_FILTERS, exclusionFilters, ExclusionPart } from "./exclusions.ts";
import {
  AccessPath,
  AccountClassName,
  costFields,
  daysFilter,
  Evidence,
  GroupManagementName,
  lastActivityFields,
  searchFilter,
  SeatPath,
  SeatStatusName,
  StatusReason,
} from "./inventory.ts";
import { Facets, FACETS_SAY } from "./facets.ts";
import { defineList, flag, manyOf, wholeNumber } from "./lists.ts";
import { MatchSituationName } from "./match-rules.ts";

const params = z.strictObject({ personId: idOf("person") });

const NO_SUCH_PERSON = {
  "no-such-person": { status: 404, says: "There is no such person. List people to see who is known." },
} as const;

const PersonStatusName = z.enum(["active", "left", "disabled"]).meta({ id: "PersonStatus" });
const PersonFieldOriginName = z.enum(["import", "directory"]).meta({ id: "PersonFieldOrigin" });

export const Person = z
  .object({
    personId: z.string(),
    name: z.string(),
    email: z.string().nullable().meta({ description: "Null where it is hidden or not given." }),
    accountClass: AccountClassName.meta({ description: "Of the account that gives the person most." }),
    status: SeatStatusName.nullable().meta({ description: "Of the seat that is used most; null without a seat." }),
    because: z.string().nullable().meta({ description: "What the status rests on, in words." }),
    ...lastActivityFields,
    events90d: z.int().nullable(),
    groups: z.int(),
    spaces: z.int().nullable().meta({ description: "Spaces that may be read; null while no permissions are known." }),
    department: z.string().nullable(),
    jobTitle: z.string().nullable(),
    ...costFields,
    billedPerMonthMinor: z.int().nullable().meta({
      description:
        "By what was bought, an annual price divided by twelve; at list price where nobody has entered a license (`billedBasis`). Null: of a seat no price is known, the currencies differ, or an earlier day.",
    }),
    billedCurrency: z.string().nullable(),
    billedBasis: z.enum(["license", "list-price"]).nullable().meta({
      description: "`list-price` as soon as one of several seats is.",
    }),
    eventsByWeek: z.array(z.int()).nullable().meta({
      description: "Events of each of the last 13 weeks of seven days, oldest first; null for an earlier day.",
    }),
    seatSince: instant.nullable(),
    seats: z.int(),
    accounts: z.int(),
    sites: z.array(z.string()).meta({ description: "Names of the sites that know the person." }),
    personStatus: PersonStatusName.nullable().meta({
      description: "As an import says; null where none tells of them.",
    }),
    costCenter: z.string().nullable(),
    managerId: z.string().nullable(),
    manager: z.string().nullable(),
    employmentType: z.string().nullable(),
    location: z.string().nullable(),
    exclusions: z.array(ExclusionPart).meta({
      description: "Exclusions that lie over any of the person's accounts now; empty for an earlier day.",
    }),
    origins: z.record(z.string(), PersonFieldOriginName).meta({ description: "Where each given field came from." }),
  })
  .meta({ id: "Person" });

const peopleFilters = {
  status: manyOf(SeatStatusName).optional(),
  class: manyOf(AccountClassName).optional(),
  siteId: idOf("site").optional(),
  groupId: idOf("group").optional(),
  notInGroupId: idOf("group")
    .optional()
    .meta({ description: "At the group's site, and neither in it nor in one nested in it." }),
  isAdmin: flag.optional().meta({ description: "`true`: in a group that gives the administration of the site." }),
  department: text(200).optional(),
  personStatus: manyOf(PersonStatusName).optional(),
  costCenter: text(500).optional(),
  managerId: idOf("person").optional(),
  situation: manyOf(MatchSituationName).optional().meta({
    description: "How one of the person's accounts was matched.",
  }),
  hasAccounts: flag.optional().meta({ description: "`false`: known from an import alone." }),
  q: searchFilter,
  ...exclusionFilters,
  idleDays: daysFilter.meta({ description: "Idle seats whose last use is at least so many days ago." }),
};

export const listPeople = defineList({
  id: "people.list",
  path: "/people",
  summary: "People over all sites: whether they use their seats, and what it rests on",
  description:
    "Conditions on an account (`status`, `class`, `siteId`, `groupId`, `notInGroupId`, `isAdmin`, `idleDays`) must hold of one and the same account of the person. Statuses are as of the last run of each site.",
  scope: "inventory:read",
  item: Person,
  sorts: ["name", "lastActivityAt", "spaces", "groups", "cost", "seatSince"],
  filters: peopleFilters,
  asOf: {
    notSorts: ["lastActivityAt", "spaces", "groups", "cost"],
    notFilters: ["status", "idleDays", "situation", "hasAccounts", ...EXCLUSION_FILTERS],
    nulls:
      "`status`, `because`, `events90d`, `eventsByWeek`, what a seat cost; `lastActivityAt` is the latest activity up to then of which an event was kept. Which accounts are one person is told as it is known now",
  },
});

export const listPeopleFacets = defineRoute({
  id: "people.facets",
  method: "GET",
  path: "/people/facets",
  summary: "How many people the list would have with each value of its filters",
  description: FACETS_SAY,
  scope: "inventory:read",
  query: z.strictObject(peopleFilters),
  answer: Facets,
});

export const getInactivity = defineRoute({
  id: "people.inactivity",
  method: "GET",
  path: "/people/inactivity-histogram",
  summary: "How many people were last active how long ago",
  description: "With the filters of the list. The last bin has no end; at most 60 bins.",
  scope: "inventory:read",
  query: z.strictObject({
    ...peopleFilters,
    stepDays: wholeNumber(1, 365).default(7).meta({ description: "Days of one bin." }),
  }),
  answer: z
    .object({
      stepDays: z.int(),
      bins: z.array(z.object({ fromDay: z.int().meta({ description: "Days ago, included." }), people: z.int() })),
      without: z.int().meta({ description: "Of whom no activity is known: never used, or no evidence." }),
    })
    .meta({ id: "Inactivity" }),
});

export const PersonAccount = z
  .object({
    account: Account,
    seat: z
      .object({
        seatId: z.string(),
        status: SeatStatusName,
        because: z.string(),
        reasons: z.array(StatusReason),
        edition: z.string().nullable(),
        since: instant,
        sinceOrigin: z.enum(["organization", "first-seen"]).meta({
          description: "`first-seen`: no source tells when it was given; it was there when Usher first looked.",
        }),
        ...costFields,
        paths: z.array(SeatPath),
      })
      .nullable(),
    evidence: z.array(Evidence),
    groups: z.array(
      z.object({
        groupId: z.string(),
        name: z.string(),
        managedBy: GroupManagementName.nullable(),
        givesSeat: z.boolean(),
        memberSince: instant,
      }),
    ),
  })
  .meta({ id: "PersonAccount" });

export const PersonDetail = z
  .object({
    personId: z.string(),
    name: z.string(),
    isGone: z.boolean().meta({ description: "None of the person's accounts is there any more; the history stays." }),
    status: SeatStatusName.nullable(),
    ...lastActivityFields,
    spaces: z.int().nullable(),
    movedTo: z.string().nullable().meta({
      description: "All accounts of this person turned out to be this other person's.",
    }),
    attributes: z
      .array(z.object({ name: z.string(), value: z.string(), origin: PersonFieldOriginName }))
      .meta({ description: "What is known now, and from where; further attributes as `attribute:<name>`." }),
    managers: z
      .array(z.object({ personId: z.string(), name: z.string() }))
      .meta({ description: "The manager, the manager's manager, and so on." }),
    versions: z
      .array(
        z.object({
          validFrom: instant,
          validTo: instant.nullable(),
          name: z.string(),
          emails: z.array(z.string()),
          department: z.string().nullable(),
          jobTitle: z.string().nullable(),
          manager: z.string().nullable(),
          costCenter: z.string().nullable(),
          location: z.string().nullable(),
          personStatus: PersonStatusName,
          employmentType: z.string().nullable(),
        }),
      )
      .meta({ description: "What imports said over time, newest first." }),
    accounts: z.array(PersonAccount),
    history: z.array(
      z.object({
        at: instant,
        accountId: z.string(),
        what: z.enum(["account-seen", "account-changed", "account-gone", "seat-opened", "seat-ended"]),
        detail: z.string(),
      }),
    ),
    dataAsOf: instant.nullable(),
  })
  .meta({ id: "PersonDetail" });

export const getPerson = defineRoute({
  id: "people.get",
  method: "GET",
  path: "/people/{personId}",
  summary: "One person: accounts, seats and why, evidence, groups, history",
  scope: "inventory:read",
  params,
  answer: PersonDetail,
  refusals: NO_SUCH_PERSON,
});

export const whatIf = defineRoute({
  id: "people.what-if",
  method: "GET",
  path: "/people/{personId}/what-if",
  summary: "What a person would lose by leaving a group",
  description: "Nothing is changed. By what is known now.",
  scope: "inventory:read",
  params,
  query: z.strictObject({ removeFrom: idOf("group") }),
  answer: z
    .object({
      personId: z.string(),
      accountId: z.string(),
      siteId: z.string(),
      groupId: z.string(),
      group: z.string(),
      managedBy: GroupManagementName.nullable().meta({
        description: "`external`: an identity provider, so nobody can be taken out of it here.",
      }),
      losesSeat: z.boolean(),
      spaces: z.int().nullable().meta({
        description:
          "Spaces that would no longer open: with the seat all of them, else those that only this group opens. Null while no rights are known.",
      }),
      spacesOfGroup: z.int().nullable().meta({ description: "Those that only this group opens." }),
      spaceKeys: z.array(z.string()).meta({ description: "The first 20 of `spacesOfGroup`." }),
      lastAdminOf: z.array(z.string()).meta({ description: "Keys of spaces that nobody else administers." }),
    })
    .meta({ id: "WhatIf" }),
  refusals: {
    ...NO_SUCH_PERSON,
    "no-such-group": { status: 404, says: "There is no such group now. List groups to see which there are." },
    "not-a-member": {
      status: 422,
      says: "The person is no direct member of the group, so nothing can be taken away. Of a nested group, ask for the inner one.",
    },
  },
});

export const listPersonAccess = defineList({
  id: "people.access",
  path: "/people/{personId}/access",
  summary: "Spaces that a person may read, and through what",
  scope: "inventory:read",
  params,
  item: z
    .object({
      spaceId: z.string(),
      accountId: z.string(),
      siteId: z.string(),
      site: z.string(),
      key: z.string(),
      name: z.string(),
      type: z.string(),
      canAdminister: z.boolean(),
      paths: z.array(AccessPath),
    })
    .meta({ id: "ReachedSpace" }),
  sorts: ["name"],
  filters: { siteId: idOf("site").optional() },
  refusals: NO_SUCH_PERSON,
  asOf: {},
});

export const peopleRoutes = [listPeopleFacets, getInactivity, listPeople, getPerson, whatIf, listPersonAccess];
