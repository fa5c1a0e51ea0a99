import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import * as api from "../../api/views.ts";
import { confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure } from "../failure.ts";
import { addList } from "../list-command.ts";
import { type Column, idColumn, instantColumn, textColumn } from "../output/columns.ts";
import { printRecord } from "../output/print.ts";
import { connect, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

type View = WireOf<typeof api.getView>;

const COLUMNS: readonly Column<View>[] = [
  textColumn("Page", (view) => view.page),
  textColumn("Name", (view) => view.name),
  textColumn("Shows", (view) => view.state),
  textColumn("Seen by", (view) => (view.visibility === "shared" ? "everybody" : "its owner")),
  textColumn("First for", (view) => view.defaultRole),
  textColumn("Owner", (view) => view.owner),
  instantColumn("Changed", (view) => view.updatedAt),
  idColumn((view) => view.id),
];

interface CreateOptions {
  page: string;
  name: string;
  state: string;
  shared?: boolean;
  defaultFor?: string;
}

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("your own views, and those that are shared"), cli, {
    route: api.listViews,
    columns: COLUMNS,
    empty: "No view.",
  });
  command
    .command("create")
    .description("save how a page is looked at")
    .requiredOption("--page <page>", "of the web app: people, groups, spaces")
    .requiredOption("--name <name>", "what it shows")
    .requiredOption("--state <query>", "the page's address after the question mark: status=idle&sort=name")
    .option("--shared", "everybody sees it")
    .option("--default-for <role>", "people of this role see it first; for admins, with --shared")
    .action((options: CreateOptions) => create(cli, options));
  command
    .command("delete")
    .description("delete a view")
    .argument("<view>", "its name or id")
    .action((given: string) => remove(cli, given));
}

async function create(cli: Cli, { page, name, state, shared, defaultFor }: CreateOptions): Promise<void> {
  const session = await connect(cli);
  const visibility = shared ? "shared" : "private";
  const body = { page, name, state: state.replace(/^\?/, ""), visibility, defaultRole: defaultFor ?? null } as const;
  const made = await session.call(api.createView, { body });
  printRecord(cli, COLUMNS, made);
  tellNext(cli, `open /${made.page}?${made.state}`);
}

async function remove(cli: Cli, given: string): Promise<void> {
  const session = await connect(cli);
  const { id, name, visibility } = await findView(session, given);
  const whose = visibility === "shared" ? " Everybody sees it now." : "";
  await confirm(cli, `Delete the view "${name}"?${whose}`);
  await session.call(api.deleteView, { params: { viewId: id } });
  tellDone(cli, `Deleted "${name}".`);
  tellNext(cli, "usher view list");
}

/** Pages may have views of the same name: then its id has to be given. */
async function findView(session: Session, given: string): Promise<View> {
  if (given.startsWith("view_")) return session.call(api.getView, { params: { viewId: given } });
  const found: View[] = [];
  for await (const view of session.items(api.listViews, {})) {
    if (view.name.toLowerCase() === given.toLowerCase()) found.push(view);
  }
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  throw new CliFailure(only ? `Several views are called "${given}".` : `No view is called "${given}".`, {
    exitCode: only ? EXIT.usage : EXIT.notFound,
    next: only ? `give its id: ${found.map(({ id, page }) => `${id} (${page})`).join(", ")}` : "usher view list",
  });
}
