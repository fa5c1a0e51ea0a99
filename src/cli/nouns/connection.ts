import { Argument, type Command, Option } from "commander";
import { listConnectionTimeline } from "../../api/connection-timeline.ts";
import { listConnections } from "../../api/connections.ts";
import { listConsentLinks } from "../../api/consent-links.ts";
import type { Cli } from "../cli.ts";
import { authorize, type AuthorizeOptions } from "../connections/authorize.ts";
import { askAdmin, type AskAdminOptions, ASKED_KINDS, CONSENT_LINKS, revokeAsked } from "../connections/ask-admin.ts";
import { check } from "../connections/check.ts";
import { proveWritesOf, type ProveWritesOptions } from "../connections/prove-writes.ts";
import {
  addFromOptions,
  CREDENTIAL_KINDS,
  type CredentialOptions,
  listCredentials,
  remove,
  rotate,
  type RotateOptions,
} from "../connections/credentials.ts";
import {
  changeOwners,
  type ConnectionOptions,
  createFromOptions,
  type CreateOptions,
  editFromOptions,
  type OwnersOptions,
} from "../connections/edit.ts";
import { findConnection } from "../connections/find.ts";
import { executor, type ExecutorOptions } from "../connections/executor.ts";
import { addGroup, confirmGroups, dropGroup, type GroupOptions, listAccessGroups } from "../connections/groups.ts";
import {
  addPendingCredentialTo,
  applyPending,
  checkPending,
  discardPending,
  editPending,
  type PendingCredentialOptions,
  type PendingEditOptions,
  removePendingCredentialFrom,
  showPending,
} from "../connections/pending.ts";
import { takeStep } from "../connections/life.ts";
import { needs, type NeedsOptions, understand } from "../connections/needs.ts";
import { serve, type ServeOptions } from "../connections/serve.ts";
import { CONNECTION_ROWS, printConnection } from "../connections/show.ts";
import { TIMELINE } from "../connections/timeline.ts";
import { addSiteTo, forecast, listSitesOf, removeSiteFrom, setMode } from "../connections/sites.ts";
import { addList, AS_OF_HELP } from "../list-command.ts";
import { connect } from "../session.ts";
import { addSecretOptions } from "../write-command.ts";

const CONNECTION = "<connection>";

export function register(command: Command, cli: Cli): void {
  addList(command.command("list").description("connections and how their sites are"), cli, {
    route: listConnections,
    columns: CONNECTION_ROWS,
    empty: "No connection yet. Make one: usher connection create",
  });
  addList(
    command
      .command("timeline")
      .description("its runs, and what people changed of it, newest first")
      .argument(CONNECTION, "its id or name"),
    cli,
    { route: listConnectionTimeline, columns: TIMELINE, empty: "Nothing has happened yet." },
    async (session, [given = ""]) => ({ connectionId: (await findConnection(session, given)).id }),
  );
  command
    .command("show")
    .description("one connection with its sites and credentials")
    .argument(CONNECTION, "its id or name")
    .action(async (given: string) => printConnection(cli, await findConnection(await connect(cli), given)));
  registerChanges(command, cli);
  registerCredentials(command, cli);
  registerAskAdmin(command, cli);
  registerBefore(command, cli);
  registerSites(command, cli);
  registerGroups(command, cli);
  registerPending(command, cli);
}

function registerPending(command: Command, cli: Cli): void {
  const pending = command.command("pending").description("a change of a published connection that waits");
  const verb = (name: string, description: string, isDefault = false) =>
    pending.command(name, { isDefault }).description(description).argument(CONNECTION);
  verb("show", "what would change, and what its check found", true).action((given: string) => showPending(cli, given));
  verb("check", "try it for real; the running connection goes on").action((given: string) => checkPending(cli, given));
  verb("apply", "swap it in as a whole")
    .option("--accept-warnings", "what works less than it did is accepted")
    .action((given: string, options: { acceptWarnings?: boolean }) => applyPending(cli, given, options));
  verb("discard", "forget it").action((given: string) => discardPending(cli, given));
  verb("edit", "sites and credentials that come or go with it")
    .option("--add-site <sites...>", "acme, acme.atlassian.net, any page's URL, a cloud id")
    .option("--remove-site <sites...>")
    .option("--remove-credential <credentials...>", "id, label or kind")
    .action((given: string, options: PendingEditOptions) => editPending(cli, given, options));
  addCredentialOptions(verb("add-credential", "enter one that is used once it is applied"))
    .option("--replaces <credential>", "id, label or kind of the one that it takes over for")
    .action((given: string, options: PendingCredentialOptions) => addPendingCredentialTo(cli, given, options));
  verb("remove-credential", "forget one that waits")
    .argument("<credential-id>")
    .action((given: string, which: string) => removePendingCredentialFrom(cli, given, which));
}

function addCredentialOptions(command: Command): Command {
  return addSecretOptions(command, "the secret")
    .addOption(new Option("--kind <kind>").choices(CREDENTIAL_KINDS).makeOptionMandatory())
    .option("--email <e-mail>", "the account that an API token belongs to")
    .option("--username <name>", "of a Data Center account, with --kind basic")
    .option("--client-id <id>", "of an OAuth app")
    .option(
      "--organization <id>",
      "of an organization key with scopes, which does not tell it: admin.atlassian.com/o/<id>",
    )
    .option("--directory <id>", "of a SCIM key: its directory, or the SCIM base URL that came with it")
    .option("--ask-scope <scopes...>", "ask consent for these only")
    .option("--label <label>", "what to call it")
    .option("--expires <date>", "when Atlassian ends it, or never");
}

function registerChanges(command: Command, cli: Cli): void {
  addConnectionOptions(command.command("create").description("make a draft; nothing is asked of Confluence yet"))
    .addOption(
      new Option("--source <source>", "what is connected (confluence-cloud)").choices([
        "confluence-cloud",
        "confluence-data-center",
      ]),
    )
    .option("--site <site...>", "acme, acme.atlassian.net, any page's URL, a cloud id; of Data Center its address")
    .option("--from <connection>", "start with the settings of this one, never its secrets")
    .action((options: CreateOptions) => createFromOptions(cli, options));
  addConnectionOptions(command.command("edit").description("change name, capabilities or settings"))
    .argument(CONNECTION)
    .action((given: string, options: ConnectionOptions) => editFromOptions(cli, given, options));
  command
    .command("owners")
    .description("who answers for it")
    .argument(CONNECTION)
    .option("--add <e-mails...>")
    .option("--remove <e-mails...>")
    .action((given: string, options: OwnersOptions) => changeOwners(cli, given, options));
  command
    .command("check")
    .description("try each capability on each site for real; changes nothing there")
    .argument(CONNECTION)
    .option("--running", "what is running, also where a pending revision waits")
    .action((given: string, options: { running?: boolean }) => check(cli, given, options));
  command
    .command("prove-writes")
    .description("prove write access: make, use and delete a temporary group")
    .argument(CONNECTION)
    .option("--site <site>", "which of its sites")
    .action((given: string, options: ProveWritesOptions) => proveWritesOf(cli, given, options));
  command
    .command("forecast")
    .description("requests and points of a full sync")
    .argument(CONNECTION)
    .action((given: string) => forecast(cli, given));
  for (const [verb, description] of [
    ["publish", "hand it over to the schedule and sync for the first time"],
    ["pause", "stop its schedule"],
    ["resume", "let its schedule go on"],
    ["archive", "end it for good; its history stays"],
  ] as const) {
    command
      .command(verb)
      .description(description)
      .argument(CONNECTION)
      .action((given: string) => takeStep(cli, given, verb));
  }
}

function addConnectionOptions(command: Command): Command {
  return command
    .option("--name <name>")
    .option("--capability <capabilities...>", "roster, activity, permissions, reclaim")
    .option("--owner <e-mails...>", "who answers for it")
    .option("--idle-after <days>", "days without use after which a seat is idle (60)")
    .option("--stale-after <hours>", "data older than this is stale (36)")
    .option("--activity-since <date>", "activity before it is not collected (90 days back)")
    .option("--safeguard-percent <percent>", "hold a sync that loses more than this (20)")
    .option("--safeguard-count <objects>", "and at least so many (10)")
    .option("--split-display-name", "split names where no source gives their parts")
    .option("--no-split-display-name");
}

function registerCredentials(command: Command, cli: Cli): void {
  const credential = command.command("credential").description("tokens, keys, passwords and OAuth apps");
  credential
    .command("list", { isDefault: true })
    .description("what the connection reads with")
    .argument(CONNECTION)
    .action((given: string) => listCredentials(cli, given));
  addCredentialOptions(
    credential.command("add").description("enter one; it is stored encrypted and never shown").argument(CONNECTION),
  ).action((given: string, options: CredentialOptions) => addFromOptions(cli, given, options));
  addRotate(credential, cli);
  addRotate(command, cli);
  credential
    .command("remove")
    .description("forget one")
    .argument(CONNECTION)
    .argument("<credential>")
    .action((given: string, which: string) => remove(cli, given, which));
  command
    .command("authorize")
    .description("print a link to consent by, and wait for it")
    .argument(CONNECTION)
    .option("--credential <id>", "where there are several OAuth apps")
    .option("--capability <capabilities...>", "also ask for what these need")
    .action((given: string, options: AuthorizeOptions) => authorize(cli, given, options));
}

function registerBefore(command: Command, cli: Cli): void {
  command
    .command("understand")
    .description("what a site's name, host, page URL or cloud id means; asks nothing of it")
    .argument("<site>")
    .action((typed: string) => understand(cli, typed));
  command
    .command("needs")
    .description("what a connection would ask for, before any credential is given")
    .addOption(
      new Option("--source <source>", "what would be connected")
        .choices(["confluence-cloud", "confluence-data-center"])
        .default("confluence-cloud"),
    )
    .option("--capability <capabilities...>", "those that start on, unless said otherwise")
    .addOption(new Option("--kind <kind>", "its scopes, one by one, in words").choices(CREDENTIAL_KINDS))
    .action((options: NeedsOptions) => needs(cli, options));
}

function registerAskAdmin(command: Command, cli: Cli): void {
  const asked = command
    .command("ask-admin")
    .description("let somebody who is no operator consent, or give a token, by a link that counts once");
  asked
    .command("create", { isDefault: true })
    .description("make the link, good for 72 hours")
    .argument(CONNECTION)
    .addOption(new Option("--kind <kind>", "what they give").choices(ASKED_KINDS).default("oauth"))
    .option("--credential <credential>", "id, label or kind: the OAuth app, or what gets a new secret")
    .option("--email <e-mail>", "send it by mail")
    .option("--note <text>", "shown to whoever opens it")
    .action((given: string, options: AskAdminOptions) => askAdmin(cli, given, options));
  addList(
    asked.command("list").description("whom was asked, and what became of it").argument(CONNECTION),
    cli,
    {
      route: listConsentLinks,
      columns: CONSENT_LINKS,
      empty: "Nobody was asked.",
    },
    async (session, [given = ""]) => ({ connectionId: (await findConnection(session, given)).id }),
  );
  asked
    .command("revoke")
    .description("let a link open nothing any more")
    .argument(CONNECTION)
    .argument("<link-id>")
    .action((given: string, linkId: string) => revokeAsked(cli, given, linkId));
}

function addRotate(parent: Command, cli: Cli): void {
  addSecretOptions(parent.command("rotate").description("put a new secret in place of the old one"), "the new secret")
    .argument(CONNECTION)
    .argument("[credential]", "its id, label or kind; may be left out where there is only one")
    .option("--email <e-mail>", "where the new token belongs to another account")
    .option("--username <name>", "where the new password belongs to another account")
    .option("--expires <date>", "when Atlassian ends it, or never")
    .action((given: string, which: string | undefined, options: RotateOptions) => rotate(cli, given, which, options));
}

function registerSites(command: Command, cli: Cli): void {
  const site = command.command("site").description("the sites of a connection");
  site
    .command("list", { isDefault: true })
    .description("its sites and how they are")
    .argument(CONNECTION)
    .action((given: string) => listSitesOf(cli, given));
  site
    .command("add")
    .description("read one more site")
    .argument(CONNECTION)
    .argument("<site>", "acme, acme.atlassian.net, any page's URL, a cloud id; of Data Center its address")
    .action((given: string, added: string) => addSiteTo(cli, given, added));
  site
    .command("remove")
    .description("stop reading a site; what is known stays")
    .argument(CONNECTION)
    .argument("<site>")
    .action((given: string, removed: string) => removeSiteFrom(cli, given, removed));
  command
    .command("serve")
    .description("which connection reads what of a site; with capabilities: this one from now on")
    .argument(CONNECTION)
    .argument("[capabilities...]", "roster, activity, permissions, reclaim")
    .option("--site <site>", "where the connection has several")
    .option("--nobody", "nobody shall read them; what is known stays")
    .action((given: string, capabilities: string[], options: ServeOptions) => serve(cli, given, capabilities, options));
  command
    .command("executor")
    .description("how the seats of a site are taken and given; without options: how they are now")
    .argument("<site>")
    .addOption(
      new Option("--by <executor>").choices([
        "group-memberships",
        "directory",
        "scim",
        "account",
        "instruction",
        "webhook",
      ]),
    )
    .addOption(
      new Option("--managed-by <executor>", "for groups of an identity provider").choices([
        "directory",
        "scim",
        "instruction",
        "webhook",
      ]),
    )
    .option("--webhook <webhook-id>", "that the outside flow listens to")
    .option("--instruction <text>", "what whoever carries out an instruction should know")
    .action((siteGiven: string, options: ExecutorOptions) => executor(cli, siteGiven, options));
  command
    .command("mode")
    .description("observe only, or let Usher write to a site")
    .argument("<site>")
    .addArgument(new Argument("<mode>").choices(["observe", "act"]))
    .option("--confirm <name>", "the site's name, to let Usher write without being asked")
    .action((given: string, mode: "observe" | "act", options: { confirm?: string }) =>
      setMode(cli, given, mode, options.confirm),
    );
}

function registerGroups(command: Command, cli: Cli): void {
  const groups = command.command("groups").description("groups that give a seat");
  const withSite = (name: string, description: string, isDefault = false) =>
    groups.command(name, { isDefault }).description(description).argument(CONNECTION).option("--site <site>");
  withSite("list", "which do, and who said so", true)
    .option("--as-of <day>", AS_OF_HELP)
    .action((given: string, options: GroupOptions) => listAccessGroups(cli, given, options));
  withSite("confirm", "say that they do")
    .argument("[groups...]")
    .option("--all", "every one that was found")
    .action((given: string, names: string[], options: GroupOptions) => confirmGroups(cli, given, names, options));
  withSite("add", "count the members of one that Confluence does not name")
    .argument("<group-id>")
    .option("--reason <reason>")
    .action((given: string, groupId: string, options: GroupOptions) => addGroup(cli, given, groupId, options));
  withSite("drop", "leave its seats out of everything")
    .argument("<group>")
    .option("--reason <reason>", "why")
    .action((given: string, name: string, options: GroupOptions) => dropGroup(cli, given, name, options));
}
