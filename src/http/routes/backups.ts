import { createGzip } from "node:zlib";
import { Readable } from "node:stream";
import { confirmCopy, createBackup } from "../../api/backups.ts";
import { noteBackup } from "../../commands/backup/note-backup.ts";
import type { Context } from "../../commands/context.ts";
import { confirmCopy as confirm } from "../../commands/restore/confirm-copy.ts";
import { ok } from "../../lib/result.ts";
import { writeBackup } from "../../store/backup/create.ts";
import { handle, handleFile } from "../route.ts";

export const backupHandlers = [
  handleFile(createBackup, async ({ ctx, services }) => {
    await noteBackup(ctx, "begun");
    const at = ctx.clock.now();
    const name = `usher-${at.toISOString().slice(0, 19).replaceAll(":", "-")}.backup`;
    return ok({ name, type: "application/gzip", bytes: backupBytes(ctx, services.installation.version, at) });
  }),

  handle(confirmCopy, async ({ ctx }) => {
    const confirmed = await confirm(ctx);
    return confirmed.ok ? ok(undefined) : confirmed;
  }),
];

async function* backupBytes(ctx: Context, version: string, at: Date): AsyncGenerator<Uint8Array> {
  const text = Readable.from(writeBackup(ctx.db, { version, at }), { objectMode: false });
  const gzip = createGzip();
  text.on("error", (error) => gzip.destroy(error));
  try {
    for await (const piece of text.pipe(gzip)) yield piece as Uint8Array;
  } finally {
    text.destroy();
    gzip.destroy();
  }
  await noteBackup(ctx, "written");
}
