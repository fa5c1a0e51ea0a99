import * as api from "../../api/journal.ts";
import type { Context } from "../../commands/context.ts";
import { noteExport } from "../../commands/journal/note-export.ts";
import { verifyJournal } from "../../commands/journal/verify-journal.ts";
import { ok, refuse } from "../../lib/result.ts";
import { exportJournal, type JournalExportOptions } from "../../store/journal-export.ts";
import { findCheckpointOf } from "../../store/journal-checkpoints.ts";
import { findJournalEntry, journalRows } from "../../store/journal-rows.ts";
import { handleList } from "../lists.ts";
import { handle, handleFile } from "../route.ts";

export const journalHandlers = [
  handleList(api.listJournal, async ({ query }) =>
    ok(
      journalRows({
        entries: query.entry?.filter((each) => !isFamily(each)) ?? null,
        families: query.entry?.filter(isFamily).map((each) => each.slice(0, -1)) ?? null,
        actorId: query.actorId ?? null,
        actor: query.actor ?? null,
        subjectId: query.subjectId ?? null,
        from: query.from === undefined ? null : new Date(query.from),
        until: query.until === undefined ? null : new Date(query.until),
        q: query.q ?? null,
      }),
    ),
  ),

  handle(api.getJournalEntry, async ({ reader, params }) => {
    const entry = await findJournalEntry(reader, params.seq);
    if (!entry) return refuse("no-such-entry");
    return ok({ ...entry, checkpoint: await findCheckpointOf(reader, params.seq) });
  }),

  handle(api.verifyJournal, async ({ ctx, services }) => ok(await verifyJournal(ctx, services.checkpoints))),

  handle(api.verifyJournalAgainst, async ({ ctx, services, body }) => {
    const given = body.checkpoints.map((each) => ({ ...each, at: new Date(each.at) }));
    return ok(await verifyJournal(ctx, services.checkpoints, given));
  }),

  handleFile(api.exportJournal, async ({ ctx, query }) => {
    const at = ctx.clock.now();
    const name = `usher-journal-${at.toISOString().slice(0, 19).replaceAll(":", "-")}.jsonl`;
    await noteExport(ctx, query.personal);
    return ok({ name, type: "application/x-ndjson", bytes: bytesOf(ctx, { at, withPersonal: query.personal }) });
  }),
];

/** `plan.*` is every entry that begins with `plan.`. */
function isFamily(entry: string): boolean {
  return entry.endsWith(".*");
}

async function* bytesOf({ db }: Context, options: JournalExportOptions): AsyncGenerator<Uint8Array> {
  for await (const piece of exportJournal(db, options)) yield Buffer.from(piece, "utf8");
}
