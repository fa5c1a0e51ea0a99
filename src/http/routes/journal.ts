import { listJournal, verifyJournal } from "../../api/journal.ts";
import { ok } from "../../lib/result.ts";
import { journalRows } from "../../store/journal-rows.ts";
import { verifyJournal as verify } from "../../store/journal.ts";
import { handleList } from "../lists.ts";
import { handle } from "../route.ts";

export const journalHandlers = [
  handleList(listJournal, async ({ query }) =>
    ok(
      journalRows({
        entries: query.entry ?? null,
        actorId: query.actorId ?? null,
        subjectId: query.subjectId ?? null,
        from: query.from === undefined ? null : new Date(query.from),
        until: query.until === undefined ? null : new Date(query.until),
      }),
    ),
  ),

  // Entries appended while it reads are no break: it sees one moment.
  handle(verifyJournal, async ({ ctx }) => ok(await ctx.db.snapshot((reader) => verify(reader)))),
];
