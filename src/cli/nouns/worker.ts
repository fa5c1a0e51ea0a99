import type { Command } from "commander";
import type { Fault } from "../../lib/errors.ts";
import { createLog } from "../../lib/log.ts";
import { readSettings } from "../../lib/settings.ts";
import type { Cli } from "../cli.ts";
import { untilStopped } from "../start-here.ts";

export function register(command: Command, cli: Cli): void {
  command
    .addHelpText(
      "after",
      "\nIt needs the DATABASE_URL and the USHER_KEYS_FILE of the server: docs/guide/operations.md\n",
    )
    .action(() => work(cli));
}

/** Until it is told to stop: then its runs save where they are, and another process goes on with them. */
async function work({ environment, options, signal, stderr, stdout }: Cli): Promise<void> {
  const settings = readSettings(environment);
  const fatal = Promise.withResolvers<never>();
  // Whoever waits for it hears of it; one that nobody waits for yet is no unhandled rejection.
  fatal.promise.catch(() => {});
  // Loaded only here: no other command pays for what executes runs.
  const { startWorker } = await import("../../app.ts");
  const worker = await startWorker({
    settings,
    log: createLog({ level: settings.logLevel }),
    environment,
    signal,
    onWaiting: () => stderr.write("Waiting for a server of this version to bring the database up to it…\n"),
    onFatal: (fault: Fault) => fatal.reject(fault),
  });
  const isForPrograms = options.output === "json" || options.output === "jsonl";
  if (isForPrograms) stdout.write(`${JSON.stringify({ event: "start", holder: worker.holder })}\n`);
  else stderr.write(`${stderr.colors.muted("Worker")} ${worker.holder}\n`);
  try {
    await Promise.race([untilStopped(signal), fatal.promise]);
  } finally {
    stderr.write("Stopping…\n");
    await worker.stop();
  }
}
