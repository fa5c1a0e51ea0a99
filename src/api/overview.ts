import { z } from "zod";
import { defineRoute, instant } from "./contract.ts";
import { EditionName, EvidenceKindName, EvidenceSourceName, GroupManagementName } from "./inventory.ts";

const seatCounts = z.object({ active: z.int(), idle: z.int(), "never-used": z.int(), "no-evidence": z.int() });

export const SiteOverview = z
  .object({
    siteId: z.string(),
    site: z.string(),
    edition: EditionName.nullable(),
    mode: z.enum(["observe", "act"]),
    health: z.string(),
    seats: seatCounts,
    seatsTotal: z.int(),
    excluded: z
      .object({
        any: z.int(),
        "not-counted": z.int(),
        "no-reclaim": z.int(),
        "no-review": z.int(),
        "no-notify": z.int(),
      })
      .meta({ description: "Seats over which an exclusion lies, whatever their status; also by each effect." }),
    accounts: z.object({
      licensed: z.int(),
      guest: z.int(),
      app: z.int(),
      customer: z.int(),
      deactivated: z.int(),
      "no-access": z.int(),
    }),
    evidence: z
      .array(
        z.object({
          kind: EvidenceKindName,
          source: EvidenceSourceName,
          seesReaders: z.boolean(),
          knownSince: instant.nullable().meta({ description: "Null: the whole life of each account is known." }),
          knownUntil: instant,
          seats: z.int().meta({ description: "Seats with use of this kind." }),
        }),
      )
      .meta({ description: "What the statuses rest on." }),
    productAccessGroups: z.array(
      z.object({
        groupId: z.string(),
        name: z.string(),
        members: z.int(),
        isConfirmed: z.boolean(),
        managedBy: GroupManagementName.nullable().meta({
          description: "`external`: an identity provider, so members come and go there only.",
        }),
      }),
    ),
    money: z
      .object({
        currency: z.string(),
        perSeatMinor: z.int(),
        seatsMinor: z.int(),
        idleMinor: z.int(),
        neverUsedMinor: z.int(),
        unusedMinor: z.int(),
        realFrom: z.literal("next-bill"),
        basis: z.literal("list-price-monthly"),
        priceCollectedOn: z.string(),
        priceSource: z.string(),
      })
      .nullable()
      .meta({ description: "A month at list price; null where the edition has none or is not known." }),
    noMoneyBecause: z.string().nullable(),
    notSeen: z
      .array(
        z.object({
          kind: z.string(),
          state: z.enum(["failed", "not-allowed"]),
          listings: z.int(),
          code: z.string().nullable(),
          because: z.string().nullable(),
          fix: z.string().nullable(),
        }),
      )
      .meta({ description: "What the last full run could not read, and why." }),
    dataAsOf: instant.nullable(),
    isStale: z.boolean(),
  })
  .meta({ id: "SiteOverview" });

export const getOverview = defineRoute({
  id: "overview.get",
  method: "GET",
  path: "/overview",
  summary: "Each site: seats by status and what each rests on, money, what could not be seen",
  scope: "inventory:read",
  answer: z
    .object({
      sites: z.array(SiteOverview),
      seats: seatCounts,
      people: z.int().meta({ description: "People with at least one seat." }),
      dataAsOf: instant.nullable(),
      isStale: z.boolean(),
    })
    .meta({ id: "Overview" }),
});

export const overviewRoutes = [getOverview];
