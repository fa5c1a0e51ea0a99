import { z } from "zod";
import { BUILT_IN_EXCLUSIONS, EXCLUSION_EFFECTS, EXCLUSION_STATES } from "../model/exclusions.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { costFields, EditionName, searchFilter, SeatStatusName } from "./inventory.ts";
import { defineList, flag, manyOf, PAGE_ROWS, PAGE_ROWS_MAX } from "./lists.ts";

export const ExclusionEffectName = z.enum(EXCLUSION_EFFECTS).meta({
  id: "ExclusionEffect",
  description: "What is left out: the license position, reclaiming, access reviews, messages.",
});

const condition = z.record(z.string(), z.unknown()).meta({
  description:
    '`{"is": "person", "people": ["ann@acme.example"]}` and the like, or `{"all": […]}`, `{"any": […]}` and `{"not": …}` of conditions: the same that reclamation rules have.',
});

const siteIds = z.array(idOf("site")).min(1).max(500).nullable().meta({ description: "Null: at every site." });
const effects = z.array(ExclusionEffectName).min(1).max(4).meta({ description: "At least one, each once." });
const expiresAt = instant.nullable().meta({
  description: "At most 730 days from now. Null: 180 days from now; nothing is left out for ever.",
});

export const ExclusionRule = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z
      .enum(EXCLUSION_STATES)
      .meta({ description: "`expired` until the next look ends it; it has no effect any more." }),
    condition: condition.nullable().meta({ description: "Null of one that comes with Usher and finds out by itself." }),
    siteIds: z.array(z.string()).nullable(),
    effects: z.array(ExclusionEffectName),
    reason: z.string(),
    builtIn: z.enum(BUILT_IN_EXCLUSIONS).nullable().meta({ description: "It comes with Usher, and does not expire." }),
    offReason: z.string().nullable().meta({ description: "Why one that comes with Usher is off." }),
    expiresAt: instant.nullable(),
    warnedAt: instant.nullable().meta({ description: "When its owner was told that it expires." }),
    ownerId: z.string().nullable(),
    owner: z.string().nullable(),
    hits: z.int().meta({ description: "Accounts that it catches now." }),
    seats: z.int().meta({ description: "Of those, with a seat." }),
    revision: z.int(),
    createdAt: instant,
    updatedAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: "ExclusionRule" });

const params = z.strictObject({ ruleId: idOf("exclusion") });
const NO_SUCH_RULE = {
  "no-such-rule": { status: 404, says: "There is no such exclusion. List them to see which there are." },
} as const;
const HAS_ENDED = {
  "has-ended": { status: 409, says: "The exclusion has ended. Make another one if the reason still holds." },
} as const;
const NOT_RIGHT = {
  "condition-not-right": { status: 422, says: "The condition is not right, and nothing was changed." },
} as const;
const NAMED = {
  "no-such-site": { status: 422, says: "One of the sites does not exist. List sites to see which there are." },
  "no-such-owner": { status: 422, says: "The owner does not exist. List operators to see who there is." },
  "name-taken": { status: 409, says: "Another exclusion has this name. Choose another one." },
} as const;
const EXPIRY = {
  "expiry-not-allowed": { status: 422, says: "An exclusion ends in the future, at most 730 days from now." },
} as const;
const BUILT_IN = {
  "built-in": {
    status: 409,
    says: "It comes with Usher: it can be switched off with a reason, and given sites or an owner; break-glass administrators are named in its condition.",
  },
} as const;

export const listExclusionRules = defineList({
  id: "exclusion-rules.list",
  path: "/exclusion-rules",
  summary: "Who is left out, of what, why and until when",
  scope: "exclusions:read",
  item: ExclusionRule,
  sorts: ["name", "expiresAt", "hits", "createdAt"],
  filters: {
    state: manyOf(z.enum(EXCLUSION_STATES)).optional(),
    effect: manyOf(ExclusionEffectName).optional().meta({ description: "With any of these effects." }),
    siteId: idOf("site").optional(),
    connectionId: idOf("connection").optional().meta({ description: "Those that hold at a site which it reaches." }),
    about: manyOf(z.string().regex(/^[a-z][a-z-]{0,40}$/, "a kind of condition such as person"))
      .optional()
      .meta({ description: "With a condition of any of these kinds, such as `person`, `email`, `group`." }),
    builtIn: flag.optional(),
    ownerId: idOf("operator").optional(),
    expiresBefore: instant.optional(),
    q: searchFilter.meta({ description: "Part of the name, whatever its case." }),
  },
});

export const getExclusionRule = defineRoute({
  id: "exclusion-rules.get",
  method: "GET",
  path: "/exclusion-rules/{ruleId}",
  summary: "One exclusion",
  scope: "exclusions:read",
  params,
  answer: ExclusionRule,
  refusals: NO_SUCH_RULE,
  revisioned: true,
});

export const ExclusionHit = z
  .object({
    siteId: z.string(),
    site: z.string(),
    accountId: z.string(),
    personId: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    seatId: z.string().nullable(),
    edition: EditionName.nullable(),
    status: SeatStatusName.nullable(),
    since: instant,
  })
  .meta({ id: "ExclusionHit" });

export const listExclusionHits = defineList({
  id: "exclusion-rules.hits",
  path: "/exclusion-rules/{ruleId}/hits",
  summary: "Whom an exclusion catches now",
  scope: "exclusions:read",
  params,
  item: ExclusionHit,
  sorts: ["name", "since"],
  filters: { siteId: idOf("site").optional(), q: searchFilter },
  refusals: NO_SUCH_RULE,
});

export const createExclusionRule = defineRoute({
  id: "exclusion-rules.create",
  method: "POST",
  path: "/exclusion-rules",
  summary: "Leave somebody or something out",
  description: "It has effect at once. Preview it first to see whom it catches and what would change.",
  scope: "exclusions:write",
  body: z.strictObject({
    name: text(100),
    condition,
    siteIds: siteIds.default(null),
    effects,
    reason: text(1000),
    expiresAt: expiresAt.default(null),
    ownerId: idOf("operator").nullable().default(null).meta({ description: "Null: whoever makes it." }),
  }),
  answer: ExclusionRule,
  status: 201,
  refusals: { ...NOT_RIGHT, ...NAMED, ...EXPIRY },
  revisioned: true,
});

export const changeExclusionRule = defineRoute({
  id: "exclusion-rules.change",
  method: "PATCH",
  path: "/exclusion-rules/{ruleId}",
  summary: "Change whom an exclusion leaves out, and of what",
  scope: "exclusions:write",
  params,
  body: z
    .strictObject({ name: text(100), condition, siteIds, effects, reason: text(1000), ownerId: idOf("operator") })
    .partial(),
  answer: ExclusionRule,
  refusals: { ...NO_SUCH_RULE, ...HAS_ENDED, ...NOT_RIGHT, ...NAMED, ...BUILT_IN },
  revisioned: true,
  needsIfMatch: true,
});

export const renewExclusionRule = defineRoute({
  id: "exclusion-rules.renew",
  method: "POST",
  path: "/exclusion-rules/{ruleId}/renew",
  summary: "Let an exclusion hold until another day",
  scope: "exclusions:write",
  params,
  body: z.strictObject({ expiresAt: expiresAt.default(null), reason: text(1000) }),
  answer: ExclusionRule,
  refusals: { ...NO_SUCH_RULE, ...HAS_ENDED, ...EXPIRY, ...BUILT_IN },
  revisioned: true,
  needsIfMatch: true,
});

export const endExclusionRule = defineRoute({
  id: "exclusion-rules.end",
  method: "POST",
  path: "/exclusion-rules/{ruleId}/end",
  summary: "End an exclusion now; whom it left out counts again",
  scope: "exclusions:write",
  params,
  body: z.strictObject({ reason: text(1000) }),
  answer: ExclusionRule,
  refusals: { ...NO_SUCH_RULE, ...HAS_ENDED, ...BUILT_IN },
  revisioned: true,
  needsIfMatch: true,
});

export const switchExclusionRule = defineRoute({
  id: "exclusion-rules.switch",
  method: "PUT",
  path: "/exclusion-rules/{ruleId}/enabled",
  summary: "Switch an exclusion that comes with Usher off, or on again",
  scope: "exclusions:write",
  params,
  body: z.strictObject({ isEnabled: z.boolean(), reason: text(1000) }),
  answer: ExclusionRule,
  refusals: {
    ...NO_SUCH_RULE,
    ...HAS_ENDED,
    "not-built-in": { status: 409, says: "Only those that come with Usher are switched off. End this one instead." },
  },
  revisioned: true,
  needsIfMatch: true,
});

export const ExclusionPart = z
  .object({ ruleId: z.string(), name: z.string(), effects: z.array(ExclusionEffectName) })
  .meta({ id: "AccountExclusion" });

/** Of every list of accounts; they must hold of one and the same account. */
export const exclusionFilters = {
  excluded: flag.optional().meta({ description: "Over which an exclusion lies, or none." }),
  excludedFrom: manyOf(ExclusionEffectName).optional().meta({ description: "Excluded with any of these effects." }),
};
export const EXCLUSION_FILTERS = ["excluded", "excludedFrom"] as const;

export const exclusionsField = z.array(ExclusionPart).meta({
  description: "Exclusions that lie over it now; empty for an earlier day.",
});

export const ExclusionPreview = z
  .object({
    accounts: z.int(),
    people: z.int(),
    seats: z.int(),
    guests: z.int(),
    seatsUncounted: z.int().meta({ description: "Seats that would no longer count in the license position." }),
    money: z
      .array(z.object({ currency: z.string(), monthMinor: z.int() }))
      .meta({ description: "A month of those seats at list price, by currency; seats without a price are left out." }),
    openCandidates: z.int().meta({ description: "Open candidates that would be closed as excluded." }),
    released: z.int().meta({ description: "Accounts that the saved exclusion catches now and would no longer." }),
    rows: z.array(
      z.object({
        siteId: z.string(),
        site: z.string(),
        accountId: z.string(),
        personId: z.string(),
        name: z.string(),
        email: z.string().nullable(),
        seatId: z.string().nullable(),
        edition: EditionName.nullable(),
        status: SeatStatusName.nullable(),
        ...costFields,
        because: z.array(z.string()).meta({ description: "Which parts of the condition held, in words." }),
        exclusions: z.array(ExclusionPart).meta({ description: "Exclusions that lie over it already." }),
        openCandidateId: z.string().nullable(),
      }),
    ),
    next: z.string().nullable().meta({ description: "Cursor of the next page; null on the last one." }),
  })
  .meta({ id: "ExclusionPreview" });

export const previewExclusionRule = defineRoute({
  id: "exclusion-rules.preview",
  method: "POST",
  path: "/exclusion-rules/preview",
  summary: "Whom an exclusion would catch and what would change, without saving it",
  scope: "exclusions:read",
  body: z.strictObject({
    condition,
    siteIds: siteIds.default(null),
    effects,
    ruleId: idOf("exclusion").nullable().default(null).meta({ description: "The saved one that this would change." }),
    limit: z.int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS),
    cursor: z.string().max(2000).nullable().default(null),
  }),
  answer: ExclusionPreview,
  refusals: {
    ...NOT_RIGHT,
    "bad-cursor": { status: 400, says: "The cursor is none that a preview gave. Begin with the first page." },
  },
});

export const exclusionRoutes = [
  listExclusionRules,
  getExclusionRule,
  listExclusionHits,
  createExclusionRule,
  changeExclusionRule,
  renewExclusionRule,
  endExclusionRule,
  switchExclusionRule,
  previewExclusionRule,
];
