import { z } from "zod";
import { ARCHIVED, connectionParams, NO_SUCH_CONNECTION } from "./connection-parts.ts";
import { defineRoute, idOf, text } from "./contract.ts";

const params = connectionParams.extend({ siteId: idOf("site") });

const REFUSALS = {
  ...NO_SUCH_CONNECTION,
  "no-such-site": { status: 404, says: "The connection has no such site." },
} as const;

export const DetectedGroup = z
  .object({
    sourceId: z.string(),
    name: z.string(),
    managedBy: z.enum(["admins", "external", "team-members", "open"]).nullable(),
    access: z
      .array(z.enum(["user", "admin"]))
      .meta({ description: "`user`: a seat; `admin`: a seat with administration." }),
    members: z.int().nullable().meta({ description: "Null: they could not be read." }),
    isAllCounted: z.boolean().meta({ description: "False: it has more members than were counted." }),
    decision: z
      .enum(["confirmed", "added", "dropped"])
      .nullable()
      .meta({ description: "What was decided about it; null: nothing yet." }),
    reason: z.string().nullable(),
  })
  .meta({ id: "DetectedGroup" });

const answer = z
  .object({
    items: z.array(DetectedGroup),
    problem: z.string().nullable().meta({ description: "Why they could not be read, and what to do." }),
  })
  .meta({ id: "DetectedGroups" });

export const listDetectedGroups = defineRoute({
  id: "connections.detected-groups",
  method: "GET",
  path: "/connections/{connectionId}/sites/{siteId}/detected-groups",
  summary: "Groups that give a seat on a site, before it was ever read",
  description: "Asked of the source now, with as many members as 25 pages of it show. Nothing is saved.",
  scope: "connections:read",
  params,
  answer,
  refusals: REFUSALS,
});

export const decideDetectedGroups = defineRoute({
  id: "connections.decide-detected-groups",
  method: "PUT",
  path: "/connections/{connectionId}/sites/{siteId}/detected-groups",
  summary: "Confirm the groups that give a seat, but for those that are left out with a reason",
  description:
    "The source is asked again which groups there are: each is confirmed unless it is dropped here. It counts from the first sync on, and can be decided anew.",
  scope: "connections:write",
  params,
  body: z.strictObject({
    drop: z
      .array(z.strictObject({ sourceId: z.string().min(1).max(300), reason: text(1000) }))
      .max(200)
      .default([]),
  }),
  answer,
  refusals: {
    ...REFUSALS,
    ...ARCHIVED,
    "no-such-group": { status: 422, says: "The source names no such group that gives a seat on this site." },
    "groups-not-read": { status: 409, says: "The groups could not be read, so nothing was decided." },
  },
});

export const detectedGroupRoutes = [listDetectedGroups, decideDetectedGroups];
