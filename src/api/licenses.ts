import { z } from "zod";
import { isDay } from "../lib/day.ts";
import { LICENSE_METRICS, LICENSED_EDITIONS } from "../model/licenses.ts";
import { defineRoute, idOf, instant, type RefusalSpecs, text } from "./contract.ts";
import { EditionName } from "./inventory.ts";
import { defineList, manyOf, wholeNumber } from "./lists.ts";

export const LicenseMetricName = z.enum(LICENSE_METRICS).meta({ id: "LicenseMetric" });
export const LicensedEditionName = z.enum(LICENSED_EDITIONS).meta({ id: "LicensedEdition" });

/** A calendar day in UTC. */
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-05-03")
  .refine(isDay, "a day that there is, from 1900 to 2999");

const seatsCount = z.int().min(0).max(1_000_000);

export const Pricing = z
  .object({
    kind: z.enum(["bands", "tiers"]).meta({
      description:
        "`bands`: graduated, each seat pays the price of the band it lies in. `tiers`: one price for any number of users up to the tier's.",
    }),
    steps: z
      .array(
        z.object({
          upTo: z.int().min(1).max(1_000_000).nullable().meta({
            description:
              "The last seat of the band, or the most users of the tier; null, in the last step only: no end.",
          }),
          priceMinor: z.int().min(0).meta({ description: "Minor units, of one seat (bands) or of the tier." }),
        }),
      )
      .min(1)
      .max(50),
  })
  .meta({ id: "Pricing" });

const termsFields = {
  name: text(100),
  siteIds: z.array(idOf("site")).min(1).max(200),
  edition: LicensedEditionName,
  metric: LicenseMetricName.meta({ description: "How it is counted and billed." }),
  quantity: seatsCount.nullable().meta({
    description:
      "Seats bought, or of a tier the users that it is for. Null: monthly, where what Atlassian counts is billed; a number then counts for the cycle in which it was entered.",
  }),
  pricing: Pricing.meta({ description: "For a month (`monthly-seats`) or a year (the others)." }),
  currency: z.string().regex(/^[A-Z]{3}$/, "a code of ISO 4217 such as USD"),
  termStart: day,
  termEnd: day.nullable().meta({ description: "The first day that it no longer holds for; null: open." }),
  billingDay: z.int().min(1).max(31).nullable().meta({
    description: "Monthly: the day on which a cycle begins, or the month's last; null: that of `termStart`.",
  }),
  renewalOn: day.nullable().meta({ description: "Null: `termEnd`." }),
  noticeOn: day.nullable().meta({ description: "Until when a change of the renewal has to be told." }),
  autoRenew: z.boolean().meta({ description: "It goes on after its term until a person ends it." }),
  renewalQuantity: seatsCount.nullable().meta({
    description: "What the next term is agreed for; it becomes the quantity at the renewal.",
  }),
  costCenter: text(200).nullable(),
  ownerId: idOf("operator").nullable().meta({ description: "Who is reminded of renewal and notice." }),
  note: text(2000).nullable(),
};

const defaultedFields = {
  quantity: termsFields.quantity.default(null),
  termEnd: termsFields.termEnd.default(null),
  billingDay: termsFields.billingDay.default(null),
  renewalOn: termsFields.renewalOn.default(null),
  noticeOn: termsFields.noticeOn.default(null),
  autoRenew: termsFields.autoRenew.default(false),
  renewalQuantity: termsFields.renewalQuantity.default(null),
  costCenter: termsFields.costCenter.default(null),
  ownerId: termsFields.ownerId.default(null),
  note: termsFields.note.default(null),
};

export const License = z
  .object({
    id: z.string(),
    ...termsFields,
    state: z.enum(["planned", "in-force", "ended"]),
    sites: z.array(z.string()).meta({ description: "Names of the sites, in the order of `siteIds`." }),
    owner: z.string().nullable(),
    documents: z.int(),
    nextBillingOn: day.nullable().meta({ description: "When what is billed may next become less." }),
    bestDayToReclaim: day.nullable().meta({
      description: "The last day on which a seat can be given back so that `nextBillingOn` no longer counts it.",
    }),
    revision: z.int(),
    createdBy: z.string(),
    createdAt: instant,
    updatedAt: instant,
    endedOn: day.nullable(),
    endedReason: z.string().nullable(),
  })
  .meta({ id: "License" });

const licenseParams = z.strictObject({ licenseId: idOf("license") });
export const NO_SUCH_LICENSE = { "no-such-license": { status: 404, says: "There is no such license." } } as const;
const ENDED = {
  "license-ended": { status: 409, says: "The license has ended; what it was stays as it is. Add another one." },
} as const satisfies RefusalSpecs;
const TERMS = {
  "terms-not-right": { status: 422, says: "What is said of the license does not go together, and nothing was saved." },
  "name-taken": { status: 409, says: "Another license has this name. Choose another one." },
  "no-such-site": { status: 422, says: "One of the sites is not known. List sites to see which there are." },
  "no-such-operator": { status: 422, says: "The owner is not known. List operators to see who there is." },
  "site-already-covered": {
    status: 409,
    says: "Another license covers one of the sites on a day of this term. Change that one, or end it first.",
  },
} as const satisfies RefusalSpecs;

export const listLicenses = defineList({
  id: "licenses.list",
  path: "/licenses",
  summary: "Rights bought: for which sites, how many, at what price, until when",
  scope: "licenses:read",
  item: License,
  sorts: ["name", "termStart", "renewalOn"],
  filters: {
    state: z.enum(["current", "ended", "all"]).optional().meta({ description: "`current` unless said otherwise." }),
    siteId: idOf("site").optional(),
    q: text(100).optional().meta({ description: "Part of the name." }),
  },
});

export const getLicense = defineRoute({
  id: "licenses.get",
  method: "GET",
  path: "/licenses/{licenseId}",
  summary: "One license",
  scope: "licenses:read",
  params: licenseParams,
  answer: License,
  revisioned: true,
  refusals: NO_SUCH_LICENSE,
});

export const addLicense = defineRoute({
  id: "licenses.add",
  method: "POST",
  path: "/licenses",
  summary: "Add a license",
  description:
    "One license covers a site at a time, so that it is clear which one a seat uses. `/licenses/suggestions` says what the sites themselves tell.",
  scope: "licenses:write",
  body: z.strictObject({ ...termsFields, ...defaultedFields }),
  answer: License,
  status: 201,
  revisioned: true,
  refusals: TERMS,
});

export const changeLicense = defineRoute({
  id: "licenses.change",
  method: "PATCH",
  path: "/licenses/{licenseId}",
  summary: "Change a license; what is left out stays, and what it said before is kept",
  scope: "licenses:write",
  params: licenseParams,
  body: z.strictObject(termsFields).partial(),
  answer: License,
  revisioned: true,
  needsIfMatch: true,
  refusals: { ...NO_SUCH_LICENSE, ...ENDED, ...TERMS },
});

export const endLicense = defineRoute({
  id: "licenses.end",
  method: "POST",
  path: "/licenses/{licenseId}/end",
  summary: "End a license for good; its history stays",
  scope: "licenses:write",
  params: licenseParams,
  body: z.strictObject({
    on: day.nullable().default(null).meta({ description: "The first day that it no longer holds for; null: today." }),
    reason: text(1000).nullable().default(null),
  }),
  answer: License,
  revisioned: true,
  needsIfMatch: true,
  refusals: {
    ...NO_SUCH_LICENSE,
    ...ENDED,
    "day-too-early": { status: 422, says: "It cannot end before its term began." },
  },
});

export const listLicenseVersions = defineList({
  id: "licenses.versions",
  path: "/licenses/{licenseId}/versions",
  summary: "What a license said, and since when; newest first",
  scope: "licenses:read",
  params: licenseParams,
  item: z
    .object({
      revision: z.int(),
      validFrom: instant,
      validTo: instant.nullable(),
      changedBy: z.string(),
      terms: z.record(z.string(), z.unknown()),
    })
    .meta({ id: "LicenseVersion" }),
  sorts: ["revision"],
  defaultSort: "-revision",
  refusals: NO_SUCH_LICENSE,
});

export const listLicenseSuggestions = defineRoute({
  id: "licenses.suggestions",
  method: "GET",
  path: "/licenses/suggestions",
  summary: "Editions seen at sites that no license covers, with what the source tells was bought",
  description:
    "`quantity` is the capacity that the organization tells, or that of the Data Center license; null where no credential is told it.",
  scope: "licenses:read",
  answer: z.object({
    items: z.array(
      z
        .object({
          siteId: z.string(),
          site: z.string(),
          edition: EditionName.nullable(),
          metric: LicenseMetricName,
          seats: z.int().meta({ description: "Used now." }),
          quantity: z.int().nullable(),
          origin: z.enum(["organization", "license"]).nullable(),
          expiresAt: instant.nullable(),
          observedAt: instant.nullable(),
          listPriceMinor: z.int().nullable().meta({ description: "Of a seat and month." }),
          currency: z.string().nullable(),
        })
        .meta({ id: "LicenseSuggestion" }),
    ),
  }),
});

export const listLicenseSavings = defineList({
  id: "licenses.savings",
  path: "/licenses/savings",
  summary: "Realized: reclaimed seats that really lowered a bill, each counted once at its billing event",
  scope: "licenses:read",
  item: z
    .object({
      candidateId: z.string(),
      licenseId: z.string(),
      license: z.string(),
      siteId: z.string(),
      accountId: z.string(),
      eventOn: day,
      savedMinor: z.int().meta({ description: "Of one period." }),
      currency: z.string(),
      period: z.enum(["month", "year"]),
      countedAt: instant,
    })
    .meta({ id: "LicenseSaving" }),
  sorts: ["eventOn"],
  defaultSort: "-eventOn",
  filters: { licenseId: idOf("license").optional(), siteId: idOf("site").optional() },
});

export const forecastRenewal = defineRoute({
  id: "licenses.forecast-renewal",
  method: "GET",
  path: "/licenses/{licenseId}/renewal",
  summary: "What renewing at so many seats would cost and risk, by past demand",
  description:
    "Demand is the most seats held at once on each day of the last year, or as far back as is known. Without `seats`: its median, what was enough on 95 of 100 days, its most, what is held, and what is bought.",
  scope: "licenses:read",
  params: licenseParams,
  query: z.strictObject({ seats: manyOf(wholeNumber(0, 1_000_000)).optional() }),
  answer: z
    .object({
      currency: z.string(),
      period: z.enum(["month", "year"]),
      renewalOn: day.nullable(),
      noticeOn: day.nullable(),
      bestDayToReclaim: day.nullable(),
      held: z.int(),
      demand: z
        .object({ from: day, until: day, days: z.int(), p50: z.int(), p95: z.int(), max: z.int() })
        .nullable()
        .meta({ description: "Null: no seat was ever seen." }),
      quantities: z.array(
        z.object({
          seats: z.int(),
          costMinor: z.int().nullable(),
          savesMinor: z.int().nullable().meta({ description: "Less than what is bought now; negative: more." }),
          capacity: z.int().nullable().meta({ description: "Of a tier all that it holds; null: no end." }),
          daysShort: z.int().meta({ description: "Days of a year on which it would not be enough." }),
          shortMost: z.int().meta({ description: "By so many on the worst of them." }),
        }),
      ),
    })
    .meta({ id: "RenewalForecast" }),
  refusals: NO_SUCH_LICENSE,
});

export const licenseRoutes = [
  // Before what takes an id: a word is none.
  listLicenseSuggestions,
  listLicenseSavings,
  listLicenses,
  getLicense,
  addLicense,
  changeLicense,
  endLicense,
  listLicenseVersions,
  forecastRenewal,
];
