import { z } from "zod";
import { defineRoute } from "./contract.ts";

export const HealthCheck = z
  .object({
    name: z.string(),
    verdict: z.enum(["ok", "warn", "bad"]),
    says: z.string(),
    fix: z.string().nullable().meta({ description: "What to do; null where nothing needs doing." }),
  })
  .meta({ id: "HealthCheck" });

export const getDoctor = defineRoute({
  id: "doctor.get",
  method: "GET",
  path: "/doctor",
  summary: "Is all well with this installation",
  description: "Database, journal, processes, runs, jobs, credentials, sites, backup. The journal is verified whole.",
  scope: "journal:read",
  answer: z.object({ checks: z.array(HealthCheck) }).meta({ id: "Doctor" }),
});

export const doctorRoutes = [getDoctor];
