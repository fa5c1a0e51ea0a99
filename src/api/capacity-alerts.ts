import { z } from "zod";
import { defineRoute, idOf, instant } from "./contract.ts";
import { defineList } from "./lists.ts";

export const CapacityAlert = z
  .object({
    id: z.string(),
    siteId: z.string(),
    site: z.string(),
    unit: z.enum(["percent", "seats"]),
    threshold: z.int(),
    recipients: z.array(z.string()),
    crossedAt: instant.nullable().meta({ description: "When it was reached; null while fewer are used." }),
    createdBy: z.string(),
    createdAt: instant,
  })
  .meta({ id: "CapacityAlert" });

export const listCapacityAlerts = defineList({
  id: "capacity-alerts.list",
  path: "/capacity-alerts",
  summary: "Who is told when so many seats of a site are used",
  scope: "licenses:read",
  item: CapacityAlert,
  sorts: ["site", "threshold"],
  filters: { siteId: idOf("site").optional() },
});

export const addCapacityAlert = defineRoute({
  id: "capacity-alerts.add",
  method: "POST",
  path: "/capacity-alerts",
  summary: "Tell people by mail when so many seats of a site are used",
  description:
    "Looked at after every sync. They are told once, and again when it was less and is reached anew. A percentage is of what the source tells, of what was bought, or of the ten of Free.",
  scope: "licenses:write",
  body: z.strictObject({
    siteId: idOf("site"),
    unit: z.enum(["percent", "seats"]),
    threshold: z.int().min(1).max(1_000_000),
    recipients: z.array(z.email().max(254)).min(1).max(20),
  }),
  answer: CapacityAlert,
  status: 201,
  refusals: {
    "no-such-site": { status: 404, says: "There is no such site." },
    "alert-exists": { status: 409, says: "The site has an alert at this threshold already. Remove that one first." },
    "percent-too-high": { status: 422, says: "A percentage is at most 200. Use seats for a number." },
  },
});

export const removeCapacityAlert = defineRoute({
  id: "capacity-alerts.remove",
  method: "DELETE",
  path: "/capacity-alerts/{alertId}",
  summary: "Tell nobody any more",
  scope: "licenses:write",
  params: z.strictObject({ alertId: idOf("alert") }),
  refusals: { "no-such-alert": { status: 404, says: "There is no such alert." } },
});

export const capacityAlertRoutes = [listCapacityAlerts, addCapacityAlert, removeCapacityAlert];
