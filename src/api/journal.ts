import { z } from "zod";
import { defineRoute, instant, text } from "./contract.ts";
import { CheckpointLine } from "../lib/checkpoint.ts";
import { dayOrInstantText, defineList, flag, manyOf, wholeNumber } from "./lists.ts";

export const JournalEntry = z
  .object({
    seq: z.int(),
    at: instant,
    actorId: z.string(),
    actorName: z.string().nullable().meta({
      description: "Null: it was nobody who signs in, such as `system`, or somebody by a link.",
    }),
    through: z.string().meta({ description: "The door it came through: api, web, cli, job, setup, link." }),
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
    entry: manyOf(text(100)).optional().meta({ description: "Such as `plan.applied`, or `plan.*` for all of them." }),
    actorId: text(100).optional(),
    actor: text(100).optional().meta({ description: "Who did it: an id, or a part of the name, whatever its case." }),
    subjectId: text(100).optional(),
    from: dayOrInstantText.optional().meta({ description: "On or after this day or instant." }),
    until: dayOrInstantText.optional().meta({ description: "Before this day or instant." }),
    q: text(100).optional().meta({
      description: "A part of the name of who did it, how an entry begins, or exactly what it was about.",
    }),
  },
});

export const getJournalEntry = defineRoute({
  id: "journal.get",
  method: "GET",
  path: "/journal/entries/{seq}",
  summary: "One entry, and the checkpoint that proves it",
  scope: "journal:read",
  params: z.strictObject({ seq: wholeNumber(1, Number.MAX_SAFE_INTEGER) }),
  answer: JournalEntry.extend({
    checkpoint: z
      .object({ seq: z.int(), at: instant, keyId: z.string(), publicKey: z.string(), signature: z.string() })
      .nullable()
      .meta({ description: "The first that was signed at this entry or a later one; null: none was yet." }),
  }).meta({ id: "JournalEntryDetail" }),
  refusals: { "no-such-entry": { status: 404, says: "There is no such entry in the journal." } },
});

export const JournalVerification = z
  .object({
    intact: z.boolean(),
    checked: z.int().meta({ description: "Entries checked, from the first." }),
    brokenAt: z.int().nullable().meta({ description: "The first entry that does not follow from the one before it." }),
    reason: z.string().nullable(),
    proven: z.object({ seq: z.int(), at: instant, keyId: z.string(), place: z.string() }).nullable().meta({
      description: "The newest checkpoint outside the database that the entries agree with, and where that is kept.",
    }),
    checkpoints: z.object({ inDatabase: z.int(), outside: z.int() }),
  })
  .meta({ id: "JournalVerification" });

export const verifyJournal = defineRoute({
  id: "journal.verify",
  method: "GET",
  path: "/journal/verification",
  summary: "Recompute the chain of hashes",
  description:
    "Finds an entry that was altered, reordered or removed, a chain that was cut off at its end, and one that differs " +
    "from the checkpoints which the server keeps in a file beside its database.",
  scope: "journal:read",
  answer: JournalVerification,
});

export const verifyJournalAgainst = defineRoute({
  id: "journal.verify-against",
  method: "POST",
  path: "/journal/verification",
  summary: "Recompute the chain of hashes, and compare it with checkpoints that you kept",
  description:
    "Whoever can change the database could make the whole chain anew; a checkpoint that was kept elsewhere shows it. " +
    "Nothing is changed.",
  scope: "journal:read",
  body: z.strictObject({ checkpoints: z.array(CheckpointLine).max(1000) }),
  answer: JournalVerification,
});

export const exportJournal = defineRoute({
  id: "journal.export",
  method: "GET",
  path: "/journal/export",
  summary: "The whole journal as one file of JSON lines, with its checkpoints",
  description:
    "As of one moment. `usher journal verifier` gives a program that verifies it without Usher. With personal parts it " +
    "holds names, e-mails and free text, and the salts that prove them.",
  scope: "journal:read",
  query: z.strictObject({ personal: flag.default(false) }),
  answer: z.string(),
  produces: "file",
});

export const journalRoutes = [listJournal, getJournalEntry, verifyJournal, verifyJournalAgainst, exportJournal];
