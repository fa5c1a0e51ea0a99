import type { WireOf } from "../../api/contract.ts";
import { getAuthorization, startAuthorization } from "../../api/authorizations.ts";
import type { Cli } from "../cli.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { type Column, textColumn } from "../output/columns.ts";
import { formatRelative } from "../output/format.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { type Connection, findConnection } from "./find.ts";

type Authorization = WireOf<typeof getAuthorization>;

/** The browser comes back within seconds of the consent; a person takes a minute or two. */
const POLL_MS = 1_000;

const COVERED: readonly Column<Authorization>[] = [textColumn("Covers", ({ sites }) => sites.map(({ name }) => name))];

export interface AuthorizeOptions {
  credential?: string;
  capability?: string[];
}

/** Prints a link to consent by and waits until somebody did, declined, or the link's ten minutes are over. */
export async function authorize(cli: Cli, given: string, options: AuthorizeOptions): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const params = { connectionId: connection.id };
  const credentialId = options.credential?.startsWith("credential_")
    ? options.credential
    : pickOAuth(connection, options.credential).id;
  const capabilities = (options.capability ?? []).flatMap((each) => each.split(",")) as Connection["capabilities"];
  const started = await session.call(startAuthorization, { params, body: { credentialId, capabilities } });

  const { stderr } = cli;
  stderr.write(
    `Open this link, signed in as the account that Usher shall read with:\n\n  ${stderr.colors.strong(started.url)}\n\n`,
  );
  stderr.write(`Asks for ${started.scopes.join(" ")}\n`);
  stderr.write(
    `Comes back to ${started.redirectUrl}; the link counts once and ends ${formatRelative(new Date(started.expiresAt), cli.clock.now())}. Waiting…\n`,
  );

  let outcome: Authorization;
  do {
    await cli.clock.sleep(POLL_MS, cli.signal);
    outcome = await session.call(getAuthorization, { params: { ...params, attemptId: started.attemptId } });
  } while (outcome.state === "waiting" && cli.clock.now() < new Date(started.expiresAt));

  if (outcome.state !== "authorized") throw notAuthorized(outcome, connection.id);
  printRecord(cli, COVERED, outcome);
  tellDone(cli, outcome.message ?? "Authorized.");
  tellNext(cli, `usher connection ${connection.pendingRevision ? "pending " : ""}check ${connection.id}`);
}

function pickOAuth({ credentials }: Connection, given: string | undefined) {
  const apps = credentials.filter(({ kind, state }) => kind === "oauth" && state !== "replaced");
  const [only, ...others] =
    given === undefined ? apps : apps.filter(({ id, label }) => id === given || label === given);
  if (only && others.length === 0) return only;
  if (only)
    throw usageFailure(
      "The connection has several OAuth apps.",
      `Add --credential ${apps.map(({ id }) => id).join(" or ")}.`,
    );
  throw new CliFailure("The connection has no such OAuth app to authorize.", {
    exitCode: EXIT.notFound,
    next: "usher connection credential add <connection> --kind oauth --client-id …",
  });
}

const EXIT_BY_STATE: Record<Exclude<Authorization["state"], "authorized">, ExitCode> = {
  waiting: EXIT.pending,
  expired: EXIT.pending,
  declined: EXIT.permission,
  "site-not-covered": EXIT.permission,
  failed: EXIT.failed,
};

function notAuthorized({ state, message, sites }: Authorization, connection: string): CliFailure {
  const words = {
    waiting: "Nobody consented within ten minutes.",
    expired: "Nobody consented within ten minutes.",
    declined: "The consent was declined.",
    "site-not-covered": "The consent does not cover the site that was asked for.",
    failed: "The consent could not be taken.",
    authorized: "",
  };
  const covered = sites.length > 0 ? ` It covers ${sites.map(({ name }) => name).join(", ")}.` : "";
  return new CliFailure(words[state], {
    exitCode: state === "authorized" ? EXIT.done : EXIT_BY_STATE[state],
    why: message ? `${message}${message.includes("covers") ? "" : covered}` : covered.trim() || null,
    next: `usher connection authorize ${connection}`,
  });
}
