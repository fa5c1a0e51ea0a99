import type { CallInput } from "../../api/client.ts";
import type { WireOf } from "../../api/contract.ts";
import { createConsentLink, type listConsentLinks, revokeConsentLink } from "../../api/consent-links.ts";
import type { Cli } from "../cli.ts";
import type { RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, stateColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { pickCredential } from "./credentials.ts";
import { findConnection } from "./find.ts";

type Body = CallInput<typeof createConsentLink>["body"];

export const ASKED_KINDS = [
  "oauth",
  "api-token",
  "scoped-api-token",
  "organization-key",
  "personal-access-token",
] as const satisfies readonly Body["kind"][];

export interface AskAdminOptions {
  kind: Body["kind"];
  credential?: string;
  email?: string;
  note?: string;
}

const CREATED: readonly Column<WireOf<typeof createConsentLink>>[] = [
  textColumn("Link", (link) => link.url),
  idColumn((link) => link.id, "Id"),
  textColumn("Asks for", (link) => link.kind),
  textColumn("Mail to", (link) => link.email),
  instantColumn("Good until", (link) => link.expiresAt),
];

export const CONSENT_LINKS: readonly Column<RowOf<typeof listConsentLinks>>[] = [
  idColumn((link) => link.id, "Id"),
  textColumn("Asks for", (link) => link.kind),
  stateColumn("State", (link) => link.state),
  textColumn("Mail to", (link) => link.email),
  instantColumn("Made", (link) => link.createdAt),
  instantColumn("Good until", (link) => link.expiresAt),
  textColumn("Problem", (link) => link.problem),
];

export async function askAdmin(cli: Cli, given: string, options: AskAdminOptions): Promise<void> {
  const session = await connect(cli);
  const connection = await findConnection(session, given);
  const { kind, email = null, note = null } = options;
  const credentialId = options.credential === undefined ? null : pickCredential(connection, options.credential).id;
  const params = { connectionId: connection.id };
  const made = await session.call(createConsentLink, { params, body: { kind, credentialId, email, note } });
  printRecord(cli, CREATED, made);
  tellDone(
    cli,
    email === null ? "Hand it over yourself: whoever has it can use it, once." : `It goes to ${email} by mail.`,
  );
  tellNext(cli, `usher connection ask-admin list ${connection.id}`);
}

export async function revokeAsked(cli: Cli, given: string, linkId: string): Promise<void> {
  const session = await connect(cli);
  const { id: connectionId } = await findConnection(session, given);
  await session.call(revokeConsentLink, { params: { connectionId, linkId } });
  tellDone(cli, "The link opens nothing any more.");
}
