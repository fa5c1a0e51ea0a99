import type { Command } from "commander";
import type { z } from "zod";
import type { WireOf } from "../../api/contract.ts";
import * as api from "../../api/webhooks.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, stateColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { MESSAGE } from "../messages/columns.ts";

type Webhook = WireOf<typeof api.getWebhook>;

const COLUMNS: readonly Column<RowOf<typeof api.listWebhooks>>[] = [
  idColumn((webhook) => webhook.id),
  textColumn("Name", (webhook) => webhook.name),
  textColumn("Address", (webhook) => webhook.url),
  stateColumn("State", (webhook) => webhook.state),
  instantColumn("Failing since", (webhook) => webhook.failingSince),
  textColumn("Events", (webhook) => webhook.events),
];

const FIELDS: readonly Column<Webhook>[] = [
  ...COLUMNS,
  textColumn("Disabled because", (webhook) => webhook.disabledReason),
];

const WITH_SECRET: readonly Column<WireOf<typeof api.createWebhook>>[] = [
  textColumn("Secret", (made) => made.secret),
  ...COLUMNS,
];

const DELIVERIES: readonly Column<RowOf<typeof api.listDeliveries>>[] = MESSAGE.filter(
  ({ heading }) => heading !== "To" && heading !== "Channel",
);

interface EditOptions {
  name?: string;
  url?: string;
  event?: string[];
  enable?: boolean;
  disable?: boolean;
}

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("other systems that are told of events"), cli, {
    route: api.listWebhooks,
    columns: COLUMNS,
    empty: "No webhook.",
  });
  command
    .command("create")
    .description("tell another system of events; its secret is shown this once")
    .requiredOption("--name <name>", "what it is for")
    .requiredOption("--url <url>", "where events are posted to, by https")
    .requiredOption("--event <kinds...>", "what it is told; usher notification list names the kinds")
    .action((options: Required<Pick<EditOptions, "name" | "url" | "event">>) => create(cli, options));
  command
    .command("edit")
    .description("change a webhook, or switch it off and on")
    .argument("<webhook>", "its name or id")
    .option("--name <name>")
    .option("--url <url>")
    .option("--event <kinds...>", "in place of those so far")
    .option("--enable", "tell it of events again")
    .option("--disable", "tell it of nothing for now")
    .action((given: string, options: EditOptions) => edit(cli, given, options));
  command
    .command("rotate")
    .description("give it a new secret; the old one signs beside it for some hours")
    .argument("<webhook>", "its name or id")
    .option("--overlap <hours>", "hours for which both sign (24)", "24")
    .action((given: string, { overlap }: { overlap: string }) => rotate(cli, given, overlap));
  command
    .command("test")
    .description("send it an event that says nothing")
    .argument("<webhook>", "its name or id")
    .action((given: string) => test(cli, given));
  addList(
    command.command("deliveries").description("what it was told, and what it answered").argument("<webhook>"),
    cli,
    { route: api.listDeliveries, columns: DELIVERIES, empty: "It was told of nothing yet." },
    async (session, [given = ""]) => ({ webhookId: (await findWebhook(session, given)).id }),
  );
  command
    .command("replay")
    .description("deliver an event once more, with the same id")
    .argument("<webhook>", "its name or id")
    .argument("<delivery-id>")
    .action((given: string, messageId: string) => replay(cli, given, messageId));
  command
    .command("delete")
    .description("tell it of nothing any more")
    .argument("<webhook>", "its name or id")
    .action((given: string) => remove(cli, given));
}

async function create(
  cli: Cli,
  { name, url, event }: Required<Pick<EditOptions, "name" | "url" | "event">>,
): Promise<void> {
  const session = await connect(cli);
  const made = await session.call(api.createWebhook, { body: { name, url, events: eventsOf(event) } });
  printRecord(cli, WITH_SECRET, made);
  tellDone(cli, "Keep the secret now: it is never shown again.");
  tellNext(cli, `usher webhook test ${made.id}`);
}

async function edit(cli: Cli, given: string, options: EditOptions): Promise<void> {
  const { name, url, event, enable, disable } = options;
  if (enable && disable) throw usageFailure("--enable and --disable contradict each other.", "Give one of them.");
  const body: z.input<NonNullable<typeof api.changeWebhook.body>> = {
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url }),
    ...(event === undefined ? {} : { events: eventsOf(event) }),
    ...(enable ? { state: "active" } : disable ? { state: "disabled" } : {}),
  };
  if (Object.keys(body).length === 0) throw usageFailure("Nothing to change was given.", "usher webhook edit --help");
  const session = await connect(cli);
  const { id, revision } = await findWebhook(session, given);
  printRecord(
    cli,
    FIELDS,
    await session.call(api.changeWebhook, { params: { webhookId: id }, body, ifMatch: revision }),
  );
  tellNext(cli, `usher webhook test ${id}`);
}

async function rotate(cli: Cli, given: string, overlap: string): Promise<void> {
  const overlapHours = Number(overlap);
  if (!Number.isInteger(overlapHours) || overlapHours < 0 || overlapHours > 720) {
    throw usageFailure(`--overlap ${overlap} is not a number of hours.`, "It is a whole number from 0 to 720.");
  }
  const session = await connect(cli);
  const { id } = await findWebhook(session, given);
  const made = await session.call(api.rotateWebhook, { params: { webhookId: id }, body: { overlapHours } });
  printRecord(cli, WITH_SECRET, made);
  tellDone(cli, "Keep the secret now: it is never shown again.");
  tellNext(cli, `give it to the receiver${overlapHours > 0 ? ` within ${overlapHours} hours` : ""}`);
}

async function test(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const { id, name } = await findWebhook(session, given);
  printRecord(cli, MESSAGE, await session.call(api.testWebhook, { params: { webhookId: id } }));
  tellDone(cli, `A test is on its way to "${name}".`);
  tellNext(cli, `usher webhook deliveries ${id}`);
}

async function replay(cli: Cli, given: string, messageId: string): Promise<void> {
  const session = await connect(cli);
  const { id } = await findWebhook(session, given);
  printRecord(cli, MESSAGE, await session.call(api.replayDelivery, { params: { webhookId: id, messageId } }));
  tellNext(cli, `usher webhook deliveries ${id}`);
}

async function remove(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const { id, name } = await findWebhook(session, given);
  await confirm(cli, `Delete the webhook "${name}"? It is told of nothing any more.`);
  await session.call(api.deleteWebhook, { params: { webhookId: id } });
  tellDone(cli, `Deleted "${name}". What it was told stays in the list of messages.`);
  tellNext(cli, "usher webhook list");
}

type EventKinds = z.input<NonNullable<typeof api.createWebhook.body>>["events"];

/** With spaces or commas between. */
function eventsOf(given: readonly string[]): EventKinds {
  return given.flatMap((each) => each.split(",")) as EventKinds;
}

async function findWebhook(session: Session, given: string): Promise<Webhook> {
  if (given.startsWith("webhook_")) return session.call(api.getWebhook, { params: { webhookId: given } });
  const names: string[] = [];
  for await (const webhook of session.items(api.listWebhooks, {})) {
    if (webhook.name.toLowerCase() === given.toLowerCase()) return webhook;
    names.push(webhook.name);
  }
  throw new CliFailure(`No webhook is called "${given}".`, {
    exitCode: EXIT.notFound,
    why: names.length > 0 ? `There is ${names.join(", ")}.` : "There is no webhook yet.",
    next: names.length > 0 ? "usher webhook list" : "usher webhook create",
  });
}
