import { z } from "zod";
import { dayBeginOrInstant, dayOrInstant } from "./as-of.ts";
import { defineRoute, idOf, instant, text } from "./contract.ts";
import { EvidenceSourceName } from "./inventory.ts";
import { Facets, FACETS_SAY } from "./facets.ts";
import { defineList, manyOf } from "./lists.ts";

const ActivityTypeName = z
  .enum(["page", "blogpost", "comment", "attachment", "space", "admin", "view", "other"])
  .meta({ id: "ActivityType" });

const ActivityPartName = z.enum(["author", "concerned"]).meta({
  id: "ActivityPart",
  description: "`author`: the account did it. `concerned`: it was done to the account, which is no evidence of use.",
});

export const ActivityEvent = z
  .object({
    eventId: z.string(),
    siteId: z.string(),
    site: z.string(),
    accountId: z.string(),
    personId: z.string(),
    name: z.string(),
    part: ActivityPartName,
    summary: z.string(),
    type: ActivityTypeName,
    occurredAt: instant,
    source: EvidenceSourceName,
    spaceKey: z.string().nullable(),
    url: z.string().nullable(),
  })
  .meta({ id: "ActivityEvent" });

const activityFilters = {
  siteId: idOf("site").optional(),
  personId: idOf("person").optional(),
  accountId: idOf("account").optional(),
  type: manyOf(ActivityTypeName).optional(),
  source: manyOf(EvidenceSourceName).optional(),
  part: manyOf(ActivityPartName).optional(),
  spaceKey: text(255).optional(),
  since: dayBeginOrInstant.optional().meta({ description: "A day means its beginning in UTC." }),
  before: dayOrInstant.optional().meta({ description: "A day means its end in UTC." }),
};

export const listActivity = defineList({
  id: "activity.list",
  path: "/activity",
  summary: "What accounts did and what was done to them, as far as it was seen",
  description:
    "One item for each account of an event: who did it and, where the audit log tells without guessing, whom it concerns.",
  scope: "inventory:read",
  item: ActivityEvent,
  sorts: ["occurredAt"],
  filters: activityFilters,
});

/** Days that are counted where nobody says since when; a point each. */
export const ACTIVITY_DAYS_MAX = 400;
const WINDOW = `At most the last ${ACTIVITY_DAYS_MAX} days up to \`before\`, or up to now.`;

export const getActivityDays = defineRoute({
  id: "activity.days",
  method: "GET",
  path: "/activity/days",
  summary: "Events by day, with the filters of the list",
  description: `${WINDOW} Days in UTC; days without any event are left out.`,
  scope: "inventory:read",
  query: z.strictObject(activityFilters),
  answer: z
    .object({
      from: instant,
      to: instant,
      points: z.array(z.object({ day: z.string(), events: z.int() })),
    })
    .meta({ id: "ActivityDays" }),
});

export const listActivityFacets = defineRoute({
  id: "activity.facets",
  method: "GET",
  path: "/activity/facets",
  summary: "How many events the list would have with each value of its filters",
  description: FACETS_SAY + ` ${WINDOW}`,
  scope: "inventory:read",
  query: z.strictObject(activityFilters),
  answer: Facets,
});

export const activityRoutes = [getActivityDays, listActivityFacets, listActivity];
