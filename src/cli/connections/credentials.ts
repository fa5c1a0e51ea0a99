import type { z } from "zod";
import { addCredential, removeCredential, rotateCredential } from "../../api/credentials.ts";
import { askText, confirm, readSecret, type SecretOptions } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { printRecord, printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { type Connection, findConnection } from "./find.ts";
import { CREDENTIALS } from "./show.ts";

type NewCredential = z.input<NonNullable<typeof addCredential.body>>;
type Credential = Connection["credentials"][number];

export const CREDENTIAL_KINDS = [
  "api-token",
  "scoped-api-token",
  "organization-key",
  "scim-key",
  "oauth",
  "personal-access-token",
  "basic",
] as const;

export interface CredentialOptions extends SecretOptions {
  kind: (typeof CREDENTIAL_KINDS)[number];
  email?: string;
  username?: string;
  clientId?: string;
  organization?: string;
  directory?: string;
  label?: string;
  expires?: string;
  askScope?: string[];
}

export async function listCredentials(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  printRows(cli, CREDENTIALS, (await findConnection(session, given)).credentials);
}

export async function addFromOptions(cli: Cli, given: string, options: CredentialOptions): Promise<void> {
  const session = await connect(cli);
  const { id } = await findConnection(session, given);
  const added = await session.call(addCredential, { params: { connectionId: id }, body: await bodyOf(cli, options) });
  printRecord(cli, CREDENTIALS, added);
  tellNext(cli, added.isAuthorized ? `usher connection check ${id}` : `usher connection authorize ${id}`);
}

export async function bodyOf(cli: Cli, options: CredentialOptions): Promise<NewCredential> {
  const { kind, label } = options;
  const expiresAt = expiryOf(options.expires);
  if (kind === "oauth") {
    const clientId = options.clientId ?? (await askText(cli, "Client id", "--client-id <id>"));
    const clientSecret = await readSecret(cli, "Client secret", options);
    return { kind, label, clientId, clientSecret, askedScopes: options.askScope ?? null };
  }
  if (kind === "organization-key") {
    const organizationId = organizationIdOf(options.organization);
    return { kind, label, key: await readSecret(cli, "Organization API key", options), organizationId, expiresAt };
  }
  if (kind === "scim-key") {
    const directoryId = directoryIdOf(
      options.directory ?? (await askText(cli, "SCIM base URL or id of the directory", "--directory <id>")),
    );
    return { kind, label, key: await readSecret(cli, "SCIM key", options), directoryId, expiresAt };
  }
  if (kind === "personal-access-token") {
    return { kind, label, token: await readSecret(cli, "Personal access token", options), expiresAt };
  }
  if (kind === "basic") {
    const username =
      options.username ?? (await askText(cli, "User name of the account in Confluence", "--username <name>"));
    const password = await readSecret(cli, `Password of ${username}`, { ...options, mayHoldBlanks: true });
    return { kind, label, username, password, expiresAt };
  }
  const accountEmail =
    options.email ?? (await askText(cli, "E-mail of the account that the token belongs to", "--email <e-mail>"));
  return { kind, label, accountEmail, token: await readSecret(cli, "API token", options), expiresAt };
}

export interface RotateOptions extends SecretOptions {
  email?: string;
  username?: string;
  expires?: string;
}

/** The credential may be left out where the connection has only one. */
export async function rotate(
  cli: Cli,
  given: string,
  which: string | undefined,
  options: RotateOptions,
): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const credential = pickCredential(connection, which);
  const isPassword = credential.kind === "basic";
  const secret = await readSecret(cli, `New secret of "${credential.label}"`, {
    ...options,
    mayHoldBlanks: isPassword,
  });
  const rotated = await session.call(rotateCredential, {
    params: { connectionId: connection.id, credentialId: credential.id },
    body: {
      ...(isPassword ? { password: secret } : { secret }),
      accountEmail: options.email ?? null,
      username: options.username ?? null,
      expiresAt: expiryOf(options.expires),
    },
  });
  printRecord(cli, CREDENTIALS, rotated);
  tellDone(cli, "The new secret was tried and took over; nothing stopped.");
  tellNext(cli, `revoke the old one ${placeOf(credential)}`);
}

export async function remove(cli: Cli, given: string, which: string): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const credential = pickCredential(connection, which);
  const { id, label } = credential;
  await confirm(cli, `Forget "${label}"? It stays valid ${placeOf(credential)} until it is revoked there.`);
  await session.call(removeCredential, { params: { connectionId: connection.id, credentialId: id } });
  tellDone(cli, `Forgot "${label}".`);
  tellNext(cli, `usher connection check ${connection.id}`);
}

/** Where a credential was made, and is revoked. */
function placeOf({ kind }: Credential): string {
  return kind === "personal-access-token" || kind === "basic" ? "in Confluence" : "at Atlassian";
}

export function pickCredential({ credentials, name }: Connection, which: string | undefined): Credential {
  const living = credentials.filter(({ state }) => state !== "replaced");
  const found =
    which === undefined ? living : living.filter(({ id, label, kind }) => [id, label, kind].includes(which));
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  const choices = living.map(({ id, label }) => `${id} (${label})`).join(", ");
  if (only) throw usageFailure("Which credential?", choices);
  throw new CliFailure(`"${name}" has no such credential.`, {
    exitCode: EXIT.notFound,
    why: choices ? `It has ${choices}.` : "It has none yet.",
  });
}

/** The id as it is, or out of the address of any page of the organization's administration. */
function organizationIdOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const id = /(?:^|\/o\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/i.exec(text.trim())?.[1];
  if (id) return id.toLowerCase();
  throw usageFailure(
    `--organization ${text} is not the id of an organization.`,
    "It follows /o/ in the address of admin.atlassian.com; the whole address does as well.",
  );
}

/** The id as it is, or out of the SCIM base URL that came with the key. */
function directoryIdOf(text: string): string {
  const id = /(?:^|\/directory\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/i.exec(text.trim())?.[1];
  if (id) return id.toLowerCase();
  throw usageFailure(
    `--directory ${text} is not the id of a directory.`,
    "It follows /scim/directory/ in the base URL that came with the key; the whole address does as well.",
  );
}

/** Undefined leaves it to the server, which knows what Atlassian's default is; null is never. */
function expiryOf(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  if (text === "never") return null;
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw usageFailure(`--expires ${text} is not a date.`, "It looks like 2027-05-03, or never.");
}
