import { z } from "zod";
import { idOf, instant, text } from "./contract.ts";
import { EvidenceSourceName } from "./inventory.ts";
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

export const listActivity = defineList({
  id: "activity.list",
  path: "/activity",
  summary: "What accounts did and what was done to them, as far as it was seen",
  description:
    "One item for each account of an event: who did it and, where the audit log tells without guessing, whom it concerns.",
  scope: "inventory:read",
  item: ActivityEvent,
  sorts: ["occurredAt"],
  filters: {
    siteId: idOf("site").optional(),
    personId: idOf("person").optional(),
    accountId: idOf("account").optional(),
    type: manyOf(ActivityTypeName).optional(),
    source: manyOf(EvidenceSourceName).optional(),
    part: manyOf(ActivityPartName).optional(),
    spaceKey: text(255).optional(),
    since: instant.optional(),
    before: instant.optional(),
  },
});

export const activityRoutes = [listActivity];
