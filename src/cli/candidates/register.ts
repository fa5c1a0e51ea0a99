import type { Command } from "commander";
import { DECIDED_MAX, decideCandidates, getCandidate, listCandidates } from "../../api/candidates.ts";
import type { WireOf } from "../../api/contract.ts";
import { askText } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { usageFailure } from "../failure.ts";
import { addList } from "../list-command.ts";
import { counted } from "../output/format.ts";
import { type Column, idColumn, stateColumn, textColumn } from "../output/columns.ts";
import { layoutOf, printJson, printRecord, printRows } from "../output/print.ts";
import { connect } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { CANDIDATES, FIELDS, STEPS } from "./columns.ts";
import { registerPropose } from "./propose.ts";

type Verb = "keep" | "take" | "ask" | "cancel" | "retry";

/** Seats on their way to be taken: `usher reclaim candidates …`. */
export function registerCandidates(command: Command, cli: Cli): void {
  addList(
    command.command("list").description("seats that rules found or that were proposed, and where each stands"),
    cli,
    {
      route: listCandidates,
      columns: CANDIDATES,
      flags: { state: "state", site: "siteId", rule: "ruleId", decider: "decider" },
      aliases: { name: "q", search: "q", site: "siteId", rule: "ruleId", person: "personId" },
      empty: "No candidate matches.",
    },
  );
  command
    .command("show")
    .description("one candidate with every step: who, why, and what was known then")
    .argument("<candidate-id>")
    .action((id: string) => show(cli, id));
  decision(command, "keep", "leave seats to their holders, and alone for a while")
    .option("--until <day>", "until when, such as 2027-01-31 (the rule's cool-down)")
    .action((ids: string[], options: DecisionOptions) => decide(cli, "keep", ids, options));
  for (const [verb, description] of [
    ["take", "have seats taken, as their rule says when"],
    ["ask", "ask the holders (again), whatever the rule says"],
    ["cancel", "close without more; a rule may find the seat again"],
    ["retry", "go on with what needed attention"],
  ] as const) {
    decision(command, verb, description).action((ids: string[], options: DecisionOptions) =>
      decide(cli, verb, ids, options),
    );
  }
  registerPropose(command, cli);
}

type Decided = WireOf<typeof decideCandidates>["items"][number];

const DECIDED: readonly Column<Decided>[] = [
  idColumn((each) => each.candidateId, "Candidate"),
  stateColumn("State", (each) => each.state),
  textColumn("Not decided", (each) => each.problem?.says),
];

interface DecisionOptions {
  reason?: string;
  until?: string;
}

function decision(command: Command, verb: Verb, description: string): Command {
  return command
    .command(verb)
    .description(description)
    .argument("<candidate-id...>")
    .option("--reason <text>", "why, for the record");
}

async function show(cli: Cli, candidateId: string): Promise<void> {
  const session = await connect(cli);
  const candidate = await session.call(getCandidate, { params: { candidateId } });
  printRecord(cli, FIELDS, candidate);
  if (layoutOf(cli) !== "table") return;
  cli.stdout.write("\n");
  printRows(cli, STEPS, candidate.steps);
}

async function decide(cli: Cli, verb: Verb, candidateIds: string[], options: DecisionOptions): Promise<void> {
  if (candidateIds.length > DECIDED_MAX) {
    throw usageFailure(`At most ${DECIDED_MAX} candidates are decided at once.`, "Decide them in several commands.");
  }
  const session = await connect(cli);
  const needsReason = verb === "keep" || verb === "cancel";
  const reason = options.reason ?? (needsReason ? await askText(cli, "Why", '--reason "on the audit team"') : null);
  const until = options.until === undefined ? null : endOfDay(options.until);
  const outcome = await session.call(decideCandidates, { body: { candidateIds, verb, reason, until } });
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") printJson(cli, outcome);
  else printRows(cli, DECIDED, outcome.items);
  tellDone(cli, `Decided ${counted(outcome.decided, "candidate")} of ${outcome.items.length}.`);
  tellNext(cli, "usher reclaim candidates list");
  if (outcome.decided === 0) cli.exitWith(EXIT.conflict);
  else if (outcome.decided < outcome.items.length) cli.exitWith(EXIT.partly);
}

/** A day counts to its end in UTC. */
function endOfDay(day: string): string {
  const end = new Date(`${day}T23:59:59Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(end.getTime())) return end.toISOString();
  throw usageFailure(`--until ${day} is no day.`, "It looks like 2027-01-31.");
}
