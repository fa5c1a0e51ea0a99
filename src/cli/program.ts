import { Command, type CommanderError, Option } from "commander";
import type { Cli, GlobalOptions } from "./cli.ts";
import { usageFailure } from "./failure.ts";
import { OUTPUT_FORMATS, type OutputFormat } from "./output/formats.ts";

/** What a file in `nouns/` exports: it gives its command verbs, options and actions. */
export interface NounModule {
  register(command: Command, cli: Cli): void;
}

interface Noun {
  name: string;
  summary: string;
  group: string;
  /** Loaded only when asked for: a command pays for no other's schemas. */
  load(): Promise<NounModule>;
  /** It tells about the verbs of every other noun. */
  needsAllNouns?: boolean;
}

const START = "Start:";
const CONNECT = "Connect and sync:";
const LOOK = "Who has access, who uses it:";
const RECLAIM = "Give seats back:";
const MONEY = "Licenses and money:";
const SYSTEM = "This installation:";

const NOUNS: readonly Noun[] = [
  { name: "demo", summary: "Try it on a pretend company", group: START, load: () => import("./demo/command.ts") },
  { name: "serve", summary: "Start Usher", group: START, load: () => import("./nouns/serve.ts") },
  { name: "worker", summary: "Execute runs beside a server", group: START, load: () => import("./nouns/worker.ts") },
  { name: "login", summary: "Keep an API token for this user", group: START, load: () => import("./nouns/login.ts") },
  { name: "whoami", summary: "Who the API token belongs to", group: START, load: () => import("./nouns/whoami.ts") },
  {
    name: "connection",
    summary: "Connections: credentials, sites, checks, publishing",
    group: CONNECT,
    load: () => import("./nouns/connection.ts"),
  },
  {
    name: "sample",
    summary: "A pretend company to look around in",
    group: CONNECT,
    load: () => import("./nouns/sample.ts"),
  },
  { name: "sync", summary: "Sync now", group: CONNECT, load: () => import("./nouns/sync.ts") },
  { name: "run", summary: "Runs and their logs", group: CONNECT, load: () => import("./nouns/run.ts") },
  { name: "job", summary: "What runs by itself", group: CONNECT, load: () => import("./nouns/job.ts") },
  {
    name: "overview",
    summary: "Seats by status, their cost, what could not be seen",
    group: LOOK,
    load: () => import("./nouns/overview.ts"),
  },
  {
    name: "people",
    summary: "People and how they use Confluence",
    group: LOOK,
    load: () => import("./nouns/people.ts"),
  },
  {
    name: "account",
    summary: "Accounts as each site knows them",
    group: LOOK,
    load: () => import("./nouns/account.ts"),
  },
  { name: "group", summary: "Groups and their members", group: LOOK, load: () => import("./nouns/group.ts") },
  { name: "space", summary: "Spaces and who can do what there", group: LOOK, load: () => import("./nouns/space.ts") },
  {
    name: "seat",
    summary: "Paid seats, each with its status and why",
    group: LOOK,
    load: () => import("./nouns/seat.ts"),
  },
  {
    name: "site",
    summary: "Guests of a site, and how many there may be",
    group: LOOK,
    load: () => import("./nouns/site.ts"),
  },
  {
    name: "differences",
    summary: "What changed between two days",
    group: LOOK,
    load: () => import("./nouns/differences.ts"),
  },
  {
    name: "activity",
    summary: "What was done, by whom, where",
    group: LOOK,
    load: () => import("./nouns/activity.ts"),
  },
  {
    name: "reclamation-rule",
    summary: "When seats are taken back, simulated and back-tested",
    group: RECLAIM,
    load: () => import("./nouns/reclamation-rule.ts"),
  },
  {
    name: "exclusion-rule",
    summary: "Who is left out of counting, reclaiming, reviews or messages",
    group: RECLAIM,
    load: () => import("./nouns/exclusion-rule.ts"),
  },
  {
    name: "reclaim",
    summary: "Candidates, and plans that take seats or give them back",
    group: RECLAIM,
    load: () => import("./nouns/reclaim.ts"),
  },
  {
    name: "license",
    summary: "What was bought, at what price, until when",
    group: MONEY,
    load: () => import("./nouns/license.ts"),
  },
  {
    name: "position",
    summary: "Rights owned against seats used, explained to the seat",
    group: MONEY,
    load: () => import("./nouns/position.ts"),
  },
  {
    name: "edition",
    summary: "Editions, and the names that sources give them",
    group: MONEY,
    load: () => import("./nouns/edition.ts"),
  },
  {
    name: "unrecognized",
    summary: "Names of editions that nobody knows yet",
    group: MONEY,
    load: () => import("./nouns/unrecognized.ts"),
  },
  {
    name: "capacity-alert",
    summary: "Who is told when so many seats are used",
    group: MONEY,
    load: () => import("./nouns/capacity-alert.ts"),
  },
  {
    name: "settings",
    summary: "Name and time zone, and what the environment sets",
    group: SYSTEM,
    load: () => import("./nouns/settings.ts"),
  },
  {
    name: "view",
    summary: "How lists are looked at: saved, shared",
    group: SYSTEM,
    load: () => import("./nouns/view.ts"),
  },
  {
    name: "status",
    summary: "Version, database, age of the data",
    group: SYSTEM,
    load: () => import("./nouns/status.ts"),
  },
  {
    name: "journal",
    summary: "Who did what, and is the record intact",
    group: SYSTEM,
    load: () => import("./nouns/journal.ts"),
  },
  {
    name: "doctor",
    summary: "Is all well, and what to do where it is not",
    group: SYSTEM,
    load: () => import("./nouns/doctor.ts"),
  },
  {
    name: "backup",
    summary: "Everything in one file, and is it whole",
    group: SYSTEM,
    load: () => import("./nouns/backup.ts"),
  },
  {
    name: "restore",
    summary: "Make an empty database the copy of a backup",
    group: SYSTEM,
    load: () => import("./nouns/restore.ts"),
  },
  {
    name: "notification",
    summary: "Who is told of what",
    group: SYSTEM,
    load: () => import("./nouns/notification.ts"),
  },
  {
    name: "webhook",
    summary: "Other systems that are told of events",
    group: SYSTEM,
    load: () => import("./nouns/webhook.ts"),
  },
  {
    name: "message",
    summary: "Mails and deliveries, and how they went",
    group: SYSTEM,
    load: () => import("./nouns/message.ts"),
  },
  {
    name: "operator",
    summary: "Who may sign in, and what they may do",
    group: SYSTEM,
    load: () => import("./nouns/operator.ts"),
  },
  { name: "session", summary: "Who is signed in where", group: SYSTEM, load: () => import("./nouns/session.ts") },
  { name: "token", summary: "API tokens", group: SYSTEM, load: () => import("./nouns/token.ts") },
  { name: "api", summary: "Call the API as it is", group: SYSTEM, load: () => import("./nouns/api.ts") },
  {
    name: "completion",
    summary: "Completion for bash, zsh or fish",
    group: SYSTEM,
    needsAllNouns: true,
    load: () => import("./nouns/completion.ts"),
  },
];

/** The whole command line. A noun's verbs are there once it is asked for. */
export function createProgram(world: Omit<Cli, "options">): Command {
  const program = new Command("usher");
  const cli: Cli = {
    ...world,
    get options() {
      return globalOptions(program);
    },
  };
  program
    .description("Who has access to Confluence, who uses it, and who should.")
    .usage("<noun> <verb> [options]")
    .addOption(new Option("-o, --output <format>", "how data is printed").choices(OUTPUT_FORMATS))
    .option("-y, --yes", "answer questions with yes")
    .option("--no-input", "fail rather than ask")
    .option("-V, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      getOutHelpWidth: () => Math.min(world.stdout.columns(), 100),
      getErrHelpWidth: () => Math.min(world.stderr.columns(), 100),
      getOutHasColors: () => world.stdout.isTty && !world.environment.NO_COLOR,
      getErrHasColors: () => world.stderr.isTty && !world.environment.NO_COLOR,
      // The edge prints every error in one way.
      outputError() {},
    })
    .addHelpText("after", HELP_AFTER)
    .exitOverride();

  for (const { name, summary, group } of NOUNS)
    program.command(name).summary(summary).description(summary).helpGroup(group);
  program.hook("preSubcommand", async (_, command) => {
    const chosen = NOUNS.find(({ name }) => name === command.name());
    for (const noun of chosen?.needsAllNouns ? NOUNS : chosen ? [chosen] : []) {
      const target = program.commands.find((each) => each.name() === noun.name);
      if (target) (await noun.load()).register(target, cli);
    }
  });
  return program;
}

const HELP_AFTER = `
USHER_URL says which server (http://localhost:7400), USHER_TOKEN signs in; or: usher login
`;

/** `usher help people list` and a bare `usher` are what they mean. */
export function withHelp(argv: readonly string[]): string[] {
  if (argv.length === 0) return ["--help"];
  return argv[0] === "help" ? [...argv.slice(1), "--help"] : [...argv];
}

/** What the parser threw, or null where it only showed help and all is well. */
export function usageFault(thrown: CommanderError, command: string) {
  if (thrown.exitCode === 0) return null;
  if (thrown.code === "commander.help") return usageFailure(`"${command}" needs a verb.`, `${command} --help`);
  // What is not there has no help of its own; what it was looked for in has.
  const known = thrown.code === "commander.unknownCommand" ? command.split(" ").slice(0, -1).join(" ") : command;
  const [message = "", hint] = thrown.message.replace(/^error: /, "").split("\n");
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return usageFailure(
    /[.?!]$/.test(sentence) ? sentence : `${sentence}.`,
    hint?.replaceAll(/[()]/g, "") ?? `${known} --help`,
  );
}

function globalOptions(program: Command): GlobalOptions {
  const { output, yes, input } = program.opts<{ output?: OutputFormat; yes?: boolean; input: boolean }>();
  return { output: output ?? null, yes: yes ?? false, input };
}
