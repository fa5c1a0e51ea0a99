import { z } from "zod";
import { idOf, instant, text } from "./contract.ts";
import { EvidenceSourceName } from "./inventory.ts";
import { defineList, manyOf } from "./lists.ts";

const ActivityTypeName = z
  .enum(["page", "blogpost", "comment", "attachment", "space", "admin", "view", "other"])
  .meta({ id: "ActivityType" });

export const ActivityEvent = z
  .object({
    eventId: z.string(),
    siteId: z.string(),
    site: z.string(),
    accountId: z.string(),
    personId: z.string(),
    name: z.string(),
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
  summary: "What accounts did, as far as it was seen",
  scope: "inventory:read",
  item: ActivityEvent,
  sorts: ["occurredAt"],
  filters: {
    siteId: idOf("site").optional(),
    personId: idOf("person").optional(),
    accountId: idOf("account").optional(),
    type: manyOf(ActivityTypeName).optional(),
    source: manyOf(EvidenceSourceName).optional(),
    spaceKey: text(255).optional(),
    since: instant.optional(),
    before: instant.optional(),
  },
});

export const activityRoutes = [listActivity];
