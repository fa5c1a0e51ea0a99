import type { WireOf } from "../../api/contract.ts";
import {
  addPendingCredential,
  applyPendingRevision,
  changePendingRevision,
  discardPendingRevision,
  getPendingRevision,
  removePendingCredential,
  validatePendingRevision,
} from "../../api/connection-revisions.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { type Column, idColumn, instantColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";
import { layoutOf, printJson, printRecord, printRows } from "../output/print.ts";
import { connect, type Session } from "../session.ts";
import { quoted, tellDone, tellNext } from "../write-command.ts";
import { bodyOf, type CredentialOptions, pickCredential } from "./credentials.ts";
import { DIFFERENCES } from "./differences.ts";
import { type Connection, findConnection, pickSite } from "./find.ts";
import { CREDENTIALS, printConnection } from "./show.ts";

export type Pending = WireOf<typeof getPendingRevision>;
type Probe = Pending["blocking"][number] & { counts: string };

const FIELDS: readonly Column<Pending>[] = [
  idColumn((pending) => pending.id, "Revision"),
  stateColumn("State", (pending) => pending.state),
  numberColumn("Number", (pending) => pending.revision),
  textColumn("Waits for", (pending) => pending.waitsFor),
  textColumn("Saved by", (pending) => pending.updatedBy),
  instantColumn("Saved", (pending) => pending.updatedAt),
  instantColumn("Checked", (pending) => pending.checkedAt),
];

const PROBES: readonly Column<Probe>[] = [
  textColumn("Site", (probe) => probe.site),
  stateColumn("Result", (probe) => probe.outcome),
  textColumn("Check", (probe) => probe.name),
  textColumn("For", (probe) => probe.capability),
  textColumn("Counts as", (probe) => probe.counts),
  textColumn("What was seen", (probe) => probe.detail),
  textColumn("What to do", (probe) => probe.fix),
];

/** What would change, field by field, and what the last check found. */
export async function showPending(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const pending = await pendingOf(session, connection);
  printPending(cli, pending);
  tellNext(cli, nextOf(connection, pending));
}

/** Tries it for real. Failed where it cannot be applied; partly done where warnings have to be accepted. */
export async function checkPending(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  await checkPendingOf(cli, session, await findConnection(session, given));
}

export async function checkPendingOf(cli: Cli, session: Session, connection: Connection): Promise<void> {
  const pending = await session.call(validatePendingRevision, { params: { connectionId: connection.id } });
  printPending(cli, pending);
  if (pending.state !== "valid") cli.exitWith(EXIT.failed);
  else if (pending.warnings.length > 0) cli.exitWith(EXIT.partly);
  tellNext(cli, nextOf(connection, pending));
}

export async function applyPending(cli: Cli, given: string, options: { acceptWarnings?: boolean }): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const pending = await pendingOf(session, connection);
  const applied = await session.call(applyPendingRevision, {
    params: { connectionId: connection.id },
    body: { acceptWarnings: options.acceptWarnings ?? false },
    ifMatch: pending.revision,
  });
  printConnection(cli, applied);
  tellDone(cli, "Applied as a whole. Runs under way end with what they began with.");
  tellNext(cli, `usher sync ${quoted(applied.name)} --watch`);
}

export async function discardPending(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const pending = await pendingOf(session, connection);
  await confirm(cli, `Discard what waits to change "${connection.name}"? The running connection stays as it is.`);
  await session.call(discardPendingRevision, {
    params: { connectionId: connection.id },
    ifMatch: pending.revision,
  });
  tellDone(cli, "Discarded. The running connection is as it was.");
  tellNext(cli, `usher connection show ${connection.id}`);
}

export interface PendingEditOptions {
  addSite?: string[];
  removeSite?: string[];
  removeCredential?: string[];
}

/** Sites and credentials; capabilities and settings are changed by `connection edit`. Adds to what waits already. */
export async function editPending(cli: Cli, given: string, options: PendingEditOptions): Promise<void> {
  if (Object.keys(options).length === 0) {
    throw usageFailure("Nothing to change was given.", "usher connection pending edit --help");
  }
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const params = { connectionId: connection.id };
  const { addSite = [], removeSite = [], removeCredential = [] } = options;
  const waiting = connection.pendingRevision && (await pendingOf(session, connection));
  const joined = (before: readonly string[] | undefined, more: readonly string[]) => [
    ...new Set([...(before ?? []), ...more]),
  ];
  const { pendingRevision } = await session.call(changePendingRevision, {
    params,
    body: {
      addSites: joined(waiting?.addSites, addSite),
      removeSites: joined(
        waiting?.removeSites,
        removeSite.map((each) => pickSite(connection.sites, each).id),
      ),
      removeCredentials: joined(
        waiting?.removeCredentials,
        removeCredential.map((each) => pickCredential(connection, each).id),
      ),
    },
    ifMatch: waiting?.revision ?? 0,
  });
  if (!pendingRevision) return tellDone(cli, "Nothing would change, so nothing is pending.");
  printPending(cli, pendingRevision);
  tellSaved(cli, connection);
}

export interface PendingCredentialOptions extends CredentialOptions {
  replaces?: string;
}

export async function addPendingCredentialTo(
  cli: Cli,
  given: string,
  { replaces, ...options }: PendingCredentialOptions,
): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const added = await session.call(addPendingCredential, {
    params: { connectionId: connection.id },
    body: {
      credential: await bodyOf(cli, options),
      replaces: replaces === undefined ? null : pickCredential(connection, replaces).id,
    },
  });
  printRecord(cli, CREDENTIALS, added);
  if (added.isAuthorized) return tellSaved(cli, connection);
  tellNext(cli, `usher connection authorize ${connection.id} --credential ${added.id}`);
}

export async function removePendingCredentialFrom(cli: Cli, given: string, credentialId: string): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  await session.call(removePendingCredential, { params: { connectionId: connection.id, credentialId } });
  tellDone(cli, "Forgot it; the running connection never used it.");
  tellNext(cli, `usher connection show ${connection.id}`);
}

/** After a change of a connection in service. */
export function tellSaved(cli: Cli, { id, name }: Pick<Connection, "id" | "name">): void {
  tellDone(cli, `Saved as a pending revision; "${name}" goes on running as it is until you apply it.`);
  tellNext(cli, `usher connection pending check ${id}`);
}

async function pendingOf(session: Session, connection: Connection): Promise<Pending> {
  if (connection.pendingRevision === null) {
    throw new CliFailure(`Nothing waits to change "${connection.name}".`, {
      exitCode: EXIT.notFound,
      next: `usher connection edit ${connection.id} --help`,
    });
  }
  return session.call(getPendingRevision, { params: { connectionId: connection.id } });
}

function printPending(cli: Cli, pending: Pending): void {
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, pending);
  printRecord(cli, FIELDS, pending);
  if (layout !== "table") return;
  const told = [
    ...pending.blocking.map((probe) => ({ ...probe, counts: "blocks" })),
    ...pending.warnings.map((probe) => ({ ...probe, counts: "to accept" })),
  ];
  cli.stdout.write("\n");
  printRows(cli, DIFFERENCES, pending.differences);
  if (told.length === 0) return;
  cli.stdout.write("\n");
  printRows(cli, PROBES, told);
}

function nextOf({ id }: Connection, { state, waitsFor, warnings }: Pending): string {
  if (waitsFor.length > 0) return `usher connection authorize ${id}`;
  if (state === "valid")
    return `usher connection pending apply ${id}${warnings.length > 0 ? " --accept-warnings" : ""}`;
  if (state === "invalid") return `put right what failed, then: usher connection pending check ${id}`;
  return `usher connection pending check ${id}`;
}
