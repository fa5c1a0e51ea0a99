import { z } from "zod";
import { SAMPLE_SCALES } from "../model/sample-company.ts";
import { defineRoute, instant } from "./contract.ts";

export const SampleCompany = z
  .object({
    state: z.enum(["absent", "making", "present", "removing"]).meta({
      description: "`making` and `removing` are under way, and go on after a restart.",
    }),
    step: z.string().nullable().meta({ description: "What is being done, in words; null while there is no sample." }),
    problem: z.string().nullable().meta({ description: "Why the last attempt failed; it is tried again." }),
    scale: z.enum(SAMPLE_SCALES).nullable(),
    requestedAt: instant.nullable(),
    readyAt: instant.nullable(),
    connectionIds: z.array(z.string()).meta({ description: "Connections that are the sample's: mark them." }),
    siteIds: z.array(z.string()).meta({ description: "Sites that are the sample's: mark what is of them." }),
    runIds: z.array(z.string()).meta({ description: "Runs of its sites that are queued or under way." }),
    isOffered: z.boolean().meta({
      description: "Whether one can be made now: there is none, and nothing of a real company is here.",
    }),
    offersRemoval: z.boolean().meta({
      description: "A real company is here too: the sample has done its work, and no total counts it any more.",
    }),
  })
  .meta({ id: "SampleCompany" });

export const getSampleCompany = defineRoute({
  id: "sampleCompany.get",
  method: "GET",
  path: "/sample-company",
  summary: "The pretend company to look around in: is it here, and what is its",
  scope: "connections:read",
  answer: SampleCompany,
});

export const createSampleCompany = defineRoute({
  id: "sampleCompany.create",
  method: "POST",
  path: "/sample-company",
  summary: "Make a pretend company to look around in",
  description:
    "Usher starts a pretend Atlassian on its own machine, connects it, reads it, imports its personnel file and adds " +
    "licenses. Nothing leaves the machine. Ask again for how far it is. Once a real site was read, totals leave the " +
    "sample's sites out.",
  scope: "connections:write",
  body: z.strictObject({
    scale: z.enum(SAMPLE_SCALES).default("medium").meta({
      description: "How large it is: 40, 200 or 4,000 people.",
    }),
  }),
  answer: SampleCompany,
  status: 202,
  refusals: {
    "sample-exists": { status: 409, says: "There is a sample company already. Remove it first to make another." },
    "real-company": {
      status: 409,
      says: "A real connection was published here. The sample's seats and money would stand among real ones.",
    },
    "unconfirmed-copy": {
      status: 409,
      says: "This installation is a copy that was restored from a backup. Confirm it first: usher restore confirm.",
    },
  },
});

export const removeSampleCompany = defineRoute({
  id: "sampleCompany.remove",
  method: "DELETE",
  path: "/sample-company",
  summary: "Remove the pretend company without a trace",
  description:
    "Every row of it goes: sites, connections, credentials, runs, facts, people whom nothing else knows, candidates, " +
    "plans, licenses, positions, messages, and what names only its sites. What was made for every site stays. The " +
    "entries of the journal stay, without their readable side. Ask again for how far it is.",
  scope: "connections:write",
  answer: SampleCompany,
  status: 202,
  refusals: { "no-sample": { status: 404, says: "There is no sample company." } },
});

export const sampleCompanyRoutes = [getSampleCompany, createSampleCompany, removeSampleCompany];
