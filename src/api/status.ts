import { z } from "zod";
import { defineRoute, instant } from "./contract.ts";

export const Process = z
  .object({
    holder: z.string().meta({ description: "Host, process id, and characters that tell it from an earlier one." }),
    kind: z.enum(["server", "server-only", "worker"]).meta({
      description: "Serves and executes runs, serves alone, or executes runs alone.",
    }),
    version: z.string(),
    startedAt: instant,
    seenAt: instant.meta({ description: "Each process tells that it lives every ten seconds." }),
    isAlive: z.boolean().meta({ description: "Heard of within 30 seconds." }),
    runs: z.int().meta({ description: "Sites that it reads now." }),
  })
  .meta({ id: "Process" });

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
    isMailSet: z.boolean().meta({ description: "Whether a mail server is configured; without one, mails wait." }),
    restored: z
      .object({ madeAt: instant.meta({ description: "When the backup was made." }), restoredAt: instant })
      .nullable()
      .meta({ description: "Set while this is a restored copy that nobody has said to be the living one." }),
    processes: z.array(Process).meta({ description: "Those of the last 24 hours that did not end in order." }),
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
