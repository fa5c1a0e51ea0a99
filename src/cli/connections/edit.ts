import type { z } from "zod";
import { ApiProblem } from "../../api/client.ts";
import { changeConnection, createConnection } from "../../api/connections.ts";
import { askText } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { usageFailure } from "../failure.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { type Connection, findConnection } from "./find.ts";
import { tellSaved } from "./pending.ts";
import { printConnection } from "./show.ts";

type Change = z.input<NonNullable<typeof changeConnection.body>>;

export interface ConnectionOptions {
  name?: string;
  capability?: string[];
  owner?: string[];
  idleAfter?: string;
  staleAfter?: string;
  activitySince?: string;
  safeguardPercent?: string;
  safeguardCount?: string;
  splitDisplayName?: boolean;
}

export interface CreateOptions extends ConnectionOptions {
  source?: Connection["source"];
  site?: string[];
  from?: string;
}

export async function createFromOptions(cli: Cli, options: CreateOptions): Promise<void> {
  const name = options.name ?? (await askText(cli, "Name of the connection", "--name <name>"));
  const session = await connect(cli);
  const from = options.from === undefined ? null : (await findConnection(session, options.from)).id;
  const { settings, capabilities } = changeOf(options);

  const create = (owners: string[] | null) =>
    session.call(createConnection, {
      body: { name, source: options.source, sites: options.site ?? [], from, settings, capabilities, owners },
    });
  const made = await create(options.owner ?? null).catch(async (thrown: unknown) => {
    // Whoever signs in as a service account, as with the first token, has no e-mail that could stand for an owner.
    if (!(thrown instanceof ApiProblem) || thrown.problem.code !== "owner-needed") throw thrown;
    return create([await askText(cli, "E-mail of whoever answers for the connection", "--owner you@acme.example")]);
  });

  printConnection(cli, made);
  tellDone(cli, `Made the draft "${made.name}". Nothing was asked of Confluence yet.`);
  tellNext(cli, howToAddCredential(made));
}

/** The simplest credential that the connection's source reads with. */
export function howToAddCredential({ id, source }: Pick<Connection, "id" | "source">): string {
  const kind = source === "confluence-cloud" ? "api-token --email you@acme.example" : "personal-access-token";
  return `usher connection credential add ${id} --kind ${kind}`;
}

export async function editFromOptions(cli: Cli, given: string, options: ConnectionOptions): Promise<void> {
  const change = changeOf(options);
  if (Object.keys(change).length === 0)
    throw usageFailure("Nothing to change was given.", "usher connection edit --help");
  const session = await connect(cli);
  const { id, revision } = await findConnection(session, given);

  const changed = await session.call(changeConnection, {
    params: { connectionId: id },
    body: change,
    ifMatch: revision,
  });

  printConnection(cli, changed);
  if (changed.pendingRevision && (change.capabilities ?? change.settings)) return tellSaved(cli, changed);
  tellNext(cli, `usher connection check ${id}`);
}

export interface OwnersOptions {
  add?: string[];
  remove?: string[];
}

/** Without options tells who owns the connection. */
export async function changeOwners(cli: Cli, given: string, { add = [], remove = [] }: OwnersOptions): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const isQuestion = add.length === 0 && remove.length === 0;
  const left = connection.owners.filter((owner) => !remove.some((each) => each.toLowerCase() === owner.toLowerCase()));
  const owners = [...new Set([...left, ...add])];
  const changed = isQuestion
    ? connection
    : await session.call(changeConnection, {
        params: { connectionId: connection.id },
        body: { owners },
        ifMatch: connection.revision,
      });
  cli.stdout.write(changed.owners.map((owner) => `${owner}\n`).join(""));
  if (!isQuestion) tellNext(cli, `usher connection show ${connection.id}`);
}

function changeOf(options: ConnectionOptions): Change {
  const settings = definedOnly({
    idleAfterDays: wholeNumber(options.idleAfter, "--idle-after"),
    staleAfterHours: wholeNumber(options.staleAfter, "--stale-after"),
    analyzeActivitySince: instantOf(options.activitySince),
    safeguardPercentMax: wholeNumber(options.safeguardPercent, "--safeguard-percent"),
    safeguardCountMin: wholeNumber(options.safeguardCount, "--safeguard-count"),
    splitDisplayName: options.splitDisplayName,
  });
  const capabilities = options.capability?.flatMap((each) => each.split(",")) as Connection["capabilities"] | undefined;
  return definedOnly({
    name: options.name,
    owners: options.owner,
    capabilities,
    settings: Object.keys(settings).length > 0 ? settings : undefined,
  });
}

function definedOnly<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw usageFailure(`${option} ${text} is not a whole number.`);
}

function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw usageFailure(`--activity-since ${text} is not a date.`, "It looks like 2026-05-03.");
}
