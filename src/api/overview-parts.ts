import { z } from "zod";
import { defineRoute, idOf, instant } from "./contract.ts";
import { day } from "./licenses.ts";

const Basis = z.enum(["license", "list-price"]).meta({
  description: "`list-price`: nobody has entered a license for it.",
});
const SavingKind = z.enum(["next-bill", "renewal", "lower-tier"]);
const minor = z.int().nullable();

const sentences = z.array(z.string());

const seatTotals = {
  used: z.int().meta({ description: "Seats held, those that an exclusion leaves out of the count too." }),
  owned: minor.meta({ description: "Null: of some site nobody has entered what was bought." }),
  free: minor,
  short: minor,
};

export const getOverviewMoney = defineRoute({
  id: "overview.money",
  method: "GET",
  path: "/overview/money",
  summary: "Seats used and owned, what they cost a month, what could be saved and from when, what was saved this year",
  description:
    "By what was bought. Sites that nobody has entered a license for are at list price, and it is said how much of a cost is. Annual prices are divided by twelve. Never zero for want of knowing: what is not known is null.",
  scope: "licenses:read",
  answer: z
    .object({
      seats: z.object(seatTotals),
      withoutLicense: z.int().meta({ description: "Seats at sites that nobody has entered a license for." }),
      withoutPrice: z.int().meta({ description: "Of those: no list price is known either." }),
      costs: z
        .array(
          z.object({
            currency: z.string(),
            monthMinor: minor,
            atListPriceMinor: z.int().meta({ description: "The part of it at list price." }),
          }),
        )
        .meta({ description: "One for each currency." }),
      savings: z
        .array(
          z.object({
            currency: z.string(),
            monthMinor: z.int(),
            seats: z.int(),
            kind: SavingKind,
            from: day.nullable().meta({ description: "Null: on a billing day that nobody told." }),
            basis: Basis,
          }),
        )
        .meta({ description: "By giving back every idle or never-used seat that no exclusion keeps; most first." }),
      savedThisYear: z
        .array(z.object({ currency: z.string(), savedMinor: z.int(), seats: z.int() }))
        .meta({ description: "By the ledger: each seat once, what its billing event was lower by." }),
      sites: z.array(
        z
          .object({
            siteId: z.string(),
            site: z.string(),
            status: z.enum(["covered", "over", "short", "unknown"]),
            ...seatTotals,
            basis: Basis.nullable(),
            currency: z.string().nullable(),
            monthMinor: minor,
            savesMonthMinor: minor.meta({ description: "Null: not known, or shared with others on its license." }),
            savesFrom: day.nullable(),
          })
          .meta({ id: "SiteMoney" }),
      ),
      how: z
        .object({ seats: sentences, unused: sentences, costs: sentences, savings: sentences, saved: sentences })
        .meta({ description: "How each number came about, a sentence each." }),
      dataAsOf: instant.nullable(),
    })
    .meta({ id: "OverviewMoney" }),
});

export const getOverviewTrend = defineRoute({
  id: "overview.trend",
  method: "GET",
  path: "/overview/trend",
  summary: "Seats used and owned, day by day for a year, with renewals and where it goes from here",
  description:
    "At most 366 points and 26 weekly ones of the forecast: the straight line through the last 90 days, empty where fewer than 30 are known.",
  scope: "licenses:read",
  query: z.strictObject({ siteId: idOf("site").optional() }),
  answer: z
    .object({
      points: z.array(
        z.object({
          day,
          used: z.int().meta({ description: "Seats held at the end of the day; today: by now." }),
          owned: minor.meta({ description: "By the last license position until then; null: not known." }),
        }),
      ),
      forecast: z.array(z.object({ day, used: z.int() })),
      renewals: z
        .array(
          z.object({
            licenseId: z.string(),
            license: z.string(),
            on: day,
            noticeOn: day.nullable(),
            quantity: minor,
          }),
        )
        .meta({ description: "Of licenses in force, at most a year ahead." }),
    })
    .meta({ id: "OverviewTrend" }),
});

export const NEED_KINDS = [
  "setup-unfinished",
  "needs-authorization",
  "run-held",
  "data-stale",
  "rules-paused",
  "plans-paused",
  "plans-to-approve",
  "plans-to-apply",
  "candidates-deciding",
  "candidates-ready",
  "candidates-attention",
  "capacity-reached",
  "credential-expires",
  "notice-near",
  "licenses-missing",
  "editions-unrecognized",
  "accounts-unmatched",
  "exclusions-expiring",
  "webhooks-disabled",
  "mail-waiting",
] as const;

export const getNeedsYou = defineRoute({
  id: "overview.needs-you",
  method: "GET",
  path: "/overview/needs-you",
  summary: "What waits for somebody, most urgent first",
  description: "Only what the scopes of the caller let them see.",
  scope: "any-token",
  answer: z
    .object({
      items: z.array(
        z
          .object({
            kind: z.enum(NEED_KINDS),
            level: z.enum(["problem", "decision", "note"]),
            count: z.int(),
            params: z
              .object({
                name: z.string().nullable().meta({ description: "Of the first of them, where it has one." }),
                since: instant.nullable().meta({
                  description: "Of what waits longest; of what ends, when the first does; of data, how old it is.",
                }),
                done: z.int().nullable().meta({ description: "Of the set-up only: steps done." }),
                of: z.int().nullable(),
              })
              .meta({ description: "For the words of whoever shows it." }),
            href: z.string().meta({ description: "Where it is done, in the web app." }),
          })
          .meta({ id: "Need" }),
      ),
    })
    .meta({ id: "NeedsYou" }),
});

export const getSetupChecklist = defineRoute({
  id: "overview.setup-checklist",
  method: "GET",
  path: "/overview/setup-checklist",
  summary: "How far this installation is set up",
  scope: "inventory:read",
  answer: z
    .object({
      done: z.int(),
      of: z.int(),
      steps: z.array(
        z.object({
          step: z.enum([
            "connect",
            "publish",
            "first-sync",
            "confirm-groups",
            "add-license",
            "reclamation-rule",
            "mail",
          ]),
          isDone: z.boolean(),
          href: z.string(),
        }),
      ),
    })
    .meta({ id: "SetupChecklist" }),
});

export const getSyncHealth = defineRoute({
  id: "overview.sync",
  method: "GET",
  path: "/overview/sync",
  summary: "How fresh each site is, and what is being read of it now",
  scope: "inventory:read",
  answer: z
    .object({
      sites: z.array(
        z
          .object({
            siteId: z.string(),
            site: z.string(),
            connectionId: z.string(),
            connection: z.string(),
            health: z.string(),
            lastSyncedAt: instant.nullable(),
            isStale: z.boolean(),
            run: z
              .object({
                runId: z.string(),
                state: z.enum(["queued", "running"]),
                startedAt: instant.nullable(),
                listings: z.int().meta({ description: "Steps known so far." }),
                listingsDone: z.int(),
                rows: z.int().meta({ description: "Rows read so far." }),
              })
              .nullable(),
          })
          .meta({ id: "SyncHealth" }),
      ),
    })
    .meta({ id: "SyncHealthOfSites" }),
});

export const overviewPartRoutes = [getOverviewMoney, getOverviewTrend, getNeedsYou, getSetupChecklist, getSyncHealth];
