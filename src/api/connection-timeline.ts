import { z } from "zod";
import { connectionParams, NO_SUCH_CONNECTION } from "./connection-parts.ts";
import { idOf, instant } from "./contract.ts";
import { defineList } from "./lists.ts";
import { Run } from "./runs.ts";

export const TimelineItem = z
  .object({
    id: z.string(),
    kind: z.enum(["run", "change"]),
    at: instant,
    siteId: z.string().nullable().meta({ description: "Null: it concerns the connection as a whole." }),
    siteName: z.string().nullable(),
    actorId: z.string(),
    actorName: z
      .string()
      .nullable()
      .meta({ description: "Null: it was no operator, but a schedule or whoever held a link." }),
    through: z.string().nullable().meta({ description: "Of a change: the door it came through, as in the journal." }),
    entry: z.string().nullable().meta({ description: "Of a change: what happened, such as `connection.published`." }),
    subjectId: z
      .string()
      .nullable()
      .meta({ description: "Of a change: the connection, a credential, site, job or group." }),
    seq: z.int().nullable().meta({ description: "Of a change: its place in the journal." }),
    detail: z.record(z.string(), z.unknown()),
    runId: z.string().nullable(),
    scope: Run.shape.scope.nullable(),
    state: Run.shape.state.nullable(),
    finishedAt: instant.nullable(),
    counts: Run.shape.counts.nullable(),
    message: z.string().nullable().meta({ description: "Of a run: why it did not succeed." }),
  })
  .meta({ id: "TimelineItem" });

export const listConnectionTimeline = defineList({
  id: "connections.timeline",
  path: "/connections/{connectionId}/timeline",
  summary: "Runs of a connection, and what people changed of it",
  description:
    "What is in the journal about the connection, its credentials, jobs and links, and since they are its, its sites and the groups that give a seat there. Without names and free text, which the journal has.",
  scope: "connections:read",
  params: connectionParams,
  item: TimelineItem,
  sorts: ["at"],
  defaultSort: "-at",
  filters: {
    kind: z.enum(["run", "change"]).optional(),
    siteId: idOf("site").optional(),
    from: z.iso.datetime({ offset: true }).optional().meta({ description: "At or after this instant." }),
    until: z.iso.datetime({ offset: true }).optional().meta({ description: "Before this instant." }),
  },
  refusals: NO_SUCH_CONNECTION,
});

export const connectionTimelineRoutes = [listConnectionTimeline];
