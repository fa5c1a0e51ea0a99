import type { Command } from "commander";
import { getCaller } from "../../api/operators.ts";
import { readSecret, type SecretOptions } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { credentialsPath, readCredentials, saveCredentials } from "../credentials-file.ts";
import { printRecord } from "../output/print.ts";
import { openSession, serverUrl } from "../session.ts";
import { addSecretOptions, tellNext } from "../write-command.ts";
import { CALLER } from "./whoami.ts";

export function register(command: Command, cli: Cli): void {
  addSecretOptions(command, "the API token")
    .argument("[url]", "the server; else USHER_URL, else http://localhost:7400")
    .action((url: string | undefined, options: SecretOptions) => login(cli, url, options));
}

/** Keeps a token only after the server has taken it. */
async function login(cli: Cli, given: string | undefined, options: SecretOptions): Promise<void> {
  const path = credentialsPath(cli.environment);
  const stored = await readCredentials(path);
  const url = serverUrl(given ?? (cli.environment.USHER_URL || stored.url));
  const token = await readSecret(cli, `API token for ${url}`, options);
  const caller = await openSession(cli, url, token).call(getCaller, {});

  await saveCredentials(path, { url, tokensByUrl: { ...stored.tokensByUrl, [url]: token } });

  printRecord(cli, CALLER, caller);
  tellNext(cli, "usher status");
}
