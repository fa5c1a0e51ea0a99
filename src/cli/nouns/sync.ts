import { Option, type Command } from "commander";
import { listSites } from "../../api/sites.ts";
import type { Cli } from "../cli.ts";
import { findConnection, pickSite } from "../connections/find.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure } from "../failure.ts";
import type { RowOf } from "../list-command.ts";
import { layoutOf, printJson } from "../output/print.ts";
import { beginRun } from "../progress/begin-run.ts";
import { exitCodeOf, type RunRow, watchRuns } from "../progress/follow-runs.ts";
import { connect, type Session } from "../session.ts";
import { tellNext } from "../write-command.ts";

interface SyncOptions {
  watch?: boolean;
  scope: "full" | "license" | "delta";
  site?: string;
}

type SiteRow = RowOf<typeof listSites>;

export function register(command: Command, cli: Cli): void {
  command
    .argument("[connection]", "its sites; else every site that is read by a published connection")
    .option("--site <site>", "only this one")
    .addOption(
      new Option(
        "--scope <scope>",
        "license reads only what decides who holds a seat; delta looks again at what the audit log names",
      )
        .choices(["full", "license", "delta"])
        .default("full"),
    )
    .option("-w, --watch", "show the progress and wait for the end")
    .action((given: string | undefined, options: SyncOptions) => sync(cli, given, options));
}

async function sync(cli: Cli, given: string | undefined, { site, scope, watch }: SyncOptions): Promise<void> {
  const session = await connect(cli);
  const sites = await sitesToSync(session, given, site);
  const runs: RunRow[] = [];
  for (const each of sites) runs.push(await beginRun(session, { siteId: each.id, scope }));

  if (watch) {
    const ended = await watchRuns(cli, session, runs);
    if (layoutOf(cli) === "json") printJson(cli, { runs: ended });
    if (layoutOf(cli) === "tabs") cli.stdout.write(ended.map((run) => `${run.id}\t${run.state}\n`).join(""));
    cli.exitWith(exitCodeOf(ended));
    return tellNext(cli, nextOf(ended));
  }
  if (layoutOf(cli) === "json") printJson(cli, { runs });
  else if (layoutOf(cli) === "jsonl") for (const run of runs) printJson(cli, run);
  else cli.stdout.write(runs.map(({ id }) => `${id}\n`).join(""));
  tellNext(cli, `usher run logs -f ${runs[0]?.id}`);
}

async function sitesToSync(session: Session, given: string | undefined, site: string | undefined): Promise<SiteRow[]> {
  const connection = given === undefined ? null : await findConnection(session, given);
  const reachable: SiteRow[] = [];
  for await (const each of session.items(listSites, {})) {
    const isRead = connection
      ? each.connections.some(({ id }) => id === connection.id)
      : each.connections.some(({ state }) => state === "published");
    if (isRead) reachable.push(each);
  }
  if (site !== undefined) return [pickSite(reachable, site)];
  if (reachable.length > 0) return reachable;
  throw new CliFailure("There is no site to sync.", {
    exitCode: EXIT.notFound,
    why: connection ? `"${connection.name}" has no site yet.` : "No published connection reads one.",
    next: connection ? `usher connection site add ${connection.id} acme.atlassian.net` : "usher connection list",
  });
}

function nextOf(ended: readonly RunRow[]): string {
  const worst = ended.find(({ state }) => state !== "succeeded");
  if (worst?.state === "held") return `usher run get ${worst.id}     what is missing: usher run difference ${worst.id}`;
  return worst ? `usher run logs ${worst.id}` : "usher overview";
}
