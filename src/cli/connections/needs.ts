import type { CallInput } from "../../api/client.ts";
import type { WireOf } from "../../api/contract.ts";
import { listRequirements, understandSite } from "../../api/sources.ts";
import type { Cli } from "../cli.ts";
import { type Column, booleanColumn, textColumn } from "../output/columns.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { connect } from "../session.ts";

type Understood = WireOf<typeof understandSite>["items"][number];
type Requirement = WireOf<typeof listRequirements>["credentials"][number];

const UNDERSTOOD: readonly Column<Understood>[] = [
  textColumn("Understood", (site) => site.says),
  textColumn("Source", (site) => site.source),
  textColumn("Cloud id", (site) => site.cloudId),
  textColumn("Known as", (site) => site.known?.name),
  textColumn("Reached by", (site) => site.known?.connections.map(({ name }) => name) ?? []),
];

const REQUIREMENTS: readonly Column<Requirement>[] = [
  textColumn("Kind", (each) => each.kind),
  textColumn("Serves", (each) => each.serves),
  booleanColumn("Enough alone", (each) => each.isEnough),
  textColumn("Scopes", (each) => each.scopes.map(({ scope }) => scope)),
  textColumn("Role", (each) => [...new Set(each.roles.map(({ role }) => role))]),
];

const SCOPES: readonly Column<Requirement["scopes"][number]>[] = [
  textColumn("Scope", (each) => each.scope),
  textColumn("Lets Usher", (each) => each.says),
  textColumn("For", (each) => each.capabilities),
];

/** What a site's name, host, page or cloud id means; nothing is saved or asked of Confluence. */
export async function understand(cli: Cli, typed: string): Promise<void> {
  const session = await connect(cli);
  const { items } = await session.call(understandSite, { body: { typed } });
  printRows(cli, UNDERSTOOD, items);
}

export interface NeedsOptions {
  source: "confluence-cloud" | "confluence-data-center";
  capability?: string[];
  kind?: string;
}

/** What a connection would ask for; of one kind of credential scope by scope. */
export async function needs(cli: Cli, { source, capability, kind }: NeedsOptions): Promise<void> {
  const session = await connect(cli);
  // The server says which capabilities there are.
  const capabilities = capability?.flatMap((each) => each.split(",")) as NonNullable<
    NonNullable<CallInput<typeof listRequirements>["query"]>["capabilities"]
  >;
  const asked = await session.call(listRequirements, { params: { source }, query: { capabilities } });
  const one = asked.credentials.find((each) => each.kind === kind);
  if (layoutOf(cli) === "json") printJson(cli, one ?? asked);
  else if (one) printRows(cli, SCOPES, one.scopes);
  else printRows(cli, REQUIREMENTS, asked.credentials);
}
