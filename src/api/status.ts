import { z } from "zod";
import { defineRoute, instant } from "./contract.ts";

export const Status = z
  .object({
    version: z.string(),
    database: z.enum(["embedded", "external"]),
    now: instant,
    startedAt: instant,
    sites: z.int().meta({ description: "Sites of connections that are not archived." }),
    dataAsOf: instant
      .nullable()
      .meta({ description: "The oldest last complete sync of those sites; null before all were read once." }),
    runsUnderWay: z.int(),
  })
  .meta({ id: "Status" });

export const getStatus = defineRoute({
  id: "status.get",
  method: "GET",
  path: "/status",
  summary: "Version, database, and how old the data is",
  scope: "any-token",
  answer: Status,
});

export const statusRoutes = [getStatus];
