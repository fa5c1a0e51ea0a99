import type { Command } from "commander";
import { readSettings } from "../../lib/settings.ts";
import type { Cli } from "../cli.ts";
import { startHere, untilStopped } from "../start-here.ts";

interface ServeOptions {
  port?: string;
  data?: string;
  newToken?: boolean;
  worker: boolean;
  forgetCredentials?: boolean;
}

export function register(command: Command, cli: Cli): void {
  command
    .option("--port <port>", "port to listen on (USHER_PORT, 7400)")
    .option("--data <folder>", "where everything is kept (USHER_DATA)")
    .option("--new-token", "print another token for the service account setup, when the first was lost")
    .option("--no-worker", "serve only; runs and jobs are executed by `usher worker`")
    .option("--forget-credentials", "the key file is lost: make new keys, credentials are entered again")
    .addHelpText("after", "\nEvery other setting is an environment variable: docs/reference/settings.md\n")
    .action((options: ServeOptions) => serve(cli, options));
}

async function serve(cli: Cli, options: ServeOptions): Promise<void> {
  const { port, data, newToken, worker, forgetCredentials } = options;
  const { environment, stderr, stdout, signal } = cli;
  const settings = readSettings({
    ...environment,
    ...(port === undefined ? {} : { USHER_PORT: port }),
    ...(data === undefined ? {} : { USHER_DATA: data }),
  });
  const usher = await startHere(settings, cli, { quiet: false, newToken, worker, forgetCredentials });
  const isForPrograms = cli.options.output === "json" || cli.options.output === "jsonl";
  if (isForPrograms) {
    const { url, apiUrl, firstToken, setupUrl, dataDir, databaseKind } = usher;
    stdout.write(`${JSON.stringify({ event: "start", url, apiUrl, firstToken, setupUrl, dataDir, databaseKind })}\n`);
  } else {
    const { strong, muted } = stderr.colors;
    const lines: [string, string | null][] = [
      ["Usher", strong(usher.url)],
      ["API", `${usher.url}/docs`],
      ["Data", `${usher.dataDir} (${usher.databaseKind === "embedded" ? "embedded PostgreSQL" : "your PostgreSQL"})`],
      ["Log", usher.logFile],
    ];
    for (const [name, text] of lines) if (text) stderr.write(`${muted(name.padEnd(6))}${text}\n`);
    if (usher.setupUrl) stderr.write(setupLines(usher.setupUrl));
    if (usher.firstToken) stderr.write(tokenLines(usher.url, usher.firstToken));
  }
  try {
    await Promise.race([untilStopped(signal), usher.broken]);
  } finally {
    stderr.write("Stopping…\n");
    await usher.stop();
  }
}

function setupLines(setupUrl: string): string {
  return `
Nobody is an admin yet. Whoever opens this link becomes the first one; it works once, for a week:
  ${setupUrl}
`;
}

function tokenLines(url: string, token: string): string {
  return `
An API token that may do everything, shown this once:
  ${token}

Next: USHER_URL=${url} npx usher login     then: npx usher connection create --name Acme --site acme --owner you@acme.example
`;
}
