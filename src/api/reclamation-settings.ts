import { z } from "zod";
import { text } from "./contract.ts";
import { EvidenceKindName } from "./inventory.ts";

const day = z.iso.date().meta({ description: "A whole UTC day." });
const email = z.email().max(254);
const days = (min: number, max: number) => z.int().min(min).max(max);
const percent = z.int().min(0).max(100);

const checkIn = {
  asked: z.enum(["holder", "nobody"]).meta({ description: "Who is asked first. `nobody` needs `silentReason`." }),
  silentReason: text(500).nullable(),
  answerDays: days(1, 90).meta({ description: "Days to answer." }),
  reminderDays: z
    .array(days(1, 89))
    .max(5)
    .meta({ description: "Days before the answer is due on which the question is repeated." }),
};

const decision = {
  by: z.enum(["manager", "named"]),
  email: email.nullable().meta({ description: "The named decider, and the one where no manager is known." }),
  days: days(1, 90),
};

const limits = {
  perRun: z.int().min(1).max(100_000).meta({ description: "Most seats of an unattended run." }),
  perRunPercent: z.int().min(1).max(100).meta({ description: "And the most in percent of the site's seats." }),
  perDay: z.int().min(1).max(100_000),
  dataHoursMax: z.int().min(1).max(720).meta({ description: "Data older than this is not acted on." }),
  canary: z.int().min(0).max(1000).meta({ description: "Seats tried first, before the others; 0: none." }),
  secondPersonAbove: z.int().min(0).max(100_000).meta({ description: "Larger plans need a second person." }),
  failurePercentMax: percent.meta({ description: "Pauses the rule when more of a plan failed." }),
  restorePercentMax: percent.meta({ description: "Pauses the rule when more of what it took was given back." }),
};

const rest = {
  evidence: z
    .array(EvidenceKindName)
    .min(1)
    .max(4)
    .meta({ description: "Kinds whose silence counts. Use of any kind is use." }),
  graceDays: days(0, 365).meta({ description: "Days after access was given in which a seat is left alone." }),
  noAnswer: z.enum(["keep", "escalate", "reclaim"]).meta({ description: "What silence means once an answer is due." }),
  asksWithoutEvidence: z.boolean().meta({
    description: "Seats whose evidence does not cover the window may be asked; silence then never reclaims.",
  }),
  blackouts: z
    .array(z.strictObject({ from: day, until: day, reason: text(200) }))
    .max(50)
    .meta({ description: "Days, both ends included, on which nothing is taken." }),
  timing: z.enum(["now", "before-billing"]),
  restoreDays: days(1, 365),
  coolDownDays: days(0, 730).meta({ description: "Days after a *keep* in which the seat is left alone." }),
  selfServiceRestore: z.boolean(),
};

export const ReclamationSettings = z
  .object({
    ...rest,
    checkIn: z.object(checkIn),
    decision: z.object(decision),
    limits: z.object(limits),
  })
  .meta({ id: "ReclamationSettings" });

/** What is left out stays as it is, or as a new rule has it. */
export const ReclamationSettingsChange = z
  .strictObject({
    ...rest,
    checkIn: z.strictObject(checkIn).partial(),
    decision: z.strictObject(decision).partial(),
    limits: z.strictObject(limits).partial(),
  })
  .partial()
  .meta({ id: "ReclamationSettingsChange" });
