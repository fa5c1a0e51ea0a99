import { readFile } from "node:fs/promises";
import { exportJournal } from "../../api/journal.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

/** Lines of JSON on standard output, as they come. */
export async function exportEntries(cli: Cli, { withPersonal }: { withPersonal?: boolean }): Promise<void> {
  const session = await connect(cli);
  const decoder = new TextDecoder();
  for await (const bytes of session.download(exportJournal, { query: { personal: withPersonal ?? false } })) {
    cli.stdout.write(decoder.decode(bytes, { stream: true }));
  }
  cli.stdout.write(decoder.decode());
  tellDone(cli, "The journal is whole when its last line is there.");
  tellNext(cli, "usher journal verifier > verify-journal.mjs && node verify-journal.mjs FILE --checkpoints FILE");
}

/** A program that verifies an export without Usher, on standard output. */
export async function printVerifier(cli: Cli): Promise<void> {
  cli.stdout.write(await readFile(new URL("verify-journal.mjs", import.meta.url), "utf8"));
}
