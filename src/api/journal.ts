import { z } from "zod";
import { defineRoute, instant, text } from "./contract.ts";
import { defineList, manyOf } from "./lists.ts";

export const JournalEntry = z
  .object({
    seq: z.int(),
    at: instant,
    actorId: z.string(),
    through: z.string().meta({ description: "The door it came through: api, cli, job, setup, link." }),
    entry: z.string().meta({ description: "What happened, such as `token.created`." }),
    subjectId: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
    personal: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: "Names and free text; null where there were none or where they were erased." }),
    personalHash: z.string().nullable(),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: "JournalEntry" });

export const listJournal = defineList({
  id: "journal.list",
  path: "/journal",
  summary: "What was decided and done, by whom",
  scope: "journal:read",
  item: JournalEntry,
  sorts: ["seq"],
  defaultSort: "-seq",
  filters: {
    entry: manyOf(text(100)).optional(),
    actorId: text(100).optional(),
    subjectId: text(100).optional(),
    from: z.iso.datetime({ offset: true }).optional().meta({ description: "At or after this instant." }),
    until: z.iso.datetime({ offset: true }).optional().meta({ description: "Before this instant." }),
  },
});

export const verifyJournal = defineRoute({
  id: "journal.verify",
  method: "GET",
  path: "/journal/verification",
  summary: "Recompute the chain of hashes",
  description: "Finds an entry that was altered, reordered or removed, and a chain that was cut off at its end.",
  scope: "journal:read",
  answer: z
    .object({
      intact: z.boolean(),
      checked: z.int().meta({ description: "Entries checked, from the first." }),
      brokenAt: z
        .int()
        .nullable()
        .meta({ description: "The first entry that does not follow from the one before it." }),
      reason: z.string().nullable(),
    })
    .meta({ id: "JournalVerification" }),
});

export const journalRoutes = [listJournal, verifyJournal];
