import type { Command } from "commander";
import { getDoctor } from "../../api/doctor.ts";
import { messageOf } from "../../lib/errors.ts";
import { silentLog } from "../../lib/log.ts";
import { readSettings } from "../../lib/settings.ts";
import type { Cli } from "../cli.ts";
import { type Check, checkMachine } from "../doctor/local-checks.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure } from "../failure.ts";
import { textColumn } from "../output/columns.ts";
import { layoutOf, printRows } from "../output/print.ts";
import { oneLine } from "../output/width.ts";
import { connect, failureOf, serverUrl } from "../session.ts";

const COLUMNS = [
  textColumn<Check>("Verdict", (check) => check.verdict),
  textColumn<Check>("Check", (check) => check.name),
  textColumn<Check>("Says", (check) => check.says),
  textColumn<Check>("Fix", (check) => check.fix),
];

export function register(command: Command, cli: Cli): void {
  command
    .addHelpText(
      "after",
      "\nExit code 0 when all is well, 3 when something needs a look, 1 when something is broken.\n",
    )
    .action(() => examine(cli));
}

async function examine(cli: Cli): Promise<void> {
  const local = isLocal(cli.environment.USHER_URL)
    ? await checkMachine(readSettings(cli.environment), process.version)
    : [];
  const checks = [...local, ...(await checkServer(cli))];
  if (layoutOf(cli) === "table") printLines(cli, checks);
  else printRows(cli, COLUMNS, checks);
  if (checks.some((each) => each.verdict === "bad")) cli.exitWith(EXIT.failed);
  else if (checks.some((each) => each.verdict === "warn")) cli.exitWith(EXIT.partly);
}

/** By the server where it is up; else by its database where that can be reached without it. */
async function checkServer(cli: Cli): Promise<Check[]> {
  try {
    const session = await connect(cli);
    const { checks } = await session.call(getDoctor, {});
    return [{ name: "server", verdict: "ok", says: `${session.url} answers.`, fix: null }, ...checks];
  } catch (error) {
    const failure = error instanceof CliFailure ? error : failureOf(error);
    if (!failure) throw error;
    const fix = failure.next ?? "Start it: usher serve";
    const server: Check = { name: "server", verdict: "bad", says: failure.message, fix };
    return [server, ...(await checkDatabase(cli))];
  }
}

async function checkDatabase({ environment }: Cli): Promise<Check[]> {
  const settings = readSettings(environment);
  const name = "database";
  if (settings.databaseUrl === null) {
    const fix = "Start the server, then ask again.";
    return [{ name, verdict: "warn", says: "The embedded database is looked at through the server only.", fix }];
  }
  try {
    // Loaded only here: a server that is up saves it.
    const { examineDatabase } = await import("../../app.ts");
    return await examineDatabase(settings, silentLog);
  } catch (error) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    const says = `The database of DATABASE_URL cannot be asked: ${messageOf(cause)}.`;
    return [{ name, verdict: "bad", says, fix: "See that it runs, and that DATABASE_URL names it." }];
  }
}

function printLines({ stdout }: Cli, checks: readonly Check[]): void {
  const { colors } = stdout;
  const signs = { ok: colors.ok("✓"), warn: colors.warn("!"), bad: colors.danger("✗") };
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, verdict, says, fix } of checks) {
    stdout.write(`${signs[verdict]} ${name.padEnd(width)}  ${oneLine(says)}\n`);
    if (fix) stdout.write(`  ${" ".repeat(width)}  ${colors.muted(oneLine(fix))}\n`);
  }
}

/** Where the server is elsewhere, this machine's folders say nothing of it. */
function isLocal(given: string | undefined): boolean {
  const { hostname } = new URL(serverUrl(given));
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}
