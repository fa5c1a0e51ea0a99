import type { Command } from "commander";
import { proposeCandidates, proposeCandidatesFile } from "../../api/candidates.ts";
import type { Cli } from "../cli.ts";
import { findSite } from "../connections/find.ts";
import { EXIT } from "../exit-codes.ts";
import { usageFailure } from "../failure.ts";
import { openFile } from "../imports/preview-file.ts";
import { counted } from "../output/format.ts";
import { layoutOf, printJson, printRows } from "../output/print.ts";
import { connect, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { PROPOSAL_ERRORS, type ProposalWire } from "./columns.ts";

interface ProposeOptions {
  account?: string[];
  person?: string[];
  file?: string;
  site?: string;
  reason: string;
  ask: boolean;
  decider?: string;
  apply?: boolean;
  acceptErrors?: boolean;
}

export function registerPropose(command: Command, cli: Cli): void {
  command
    .command("propose")
    .description("propose seats by hand: shows what would be proposed, and does it with --apply")
    .option("--account <account-ids...>", "these accounts")
    .option("--person <person-ids...>", "every seat of these people")
    .option("--file <csv>", "a CSV file with a column email, and site where holders have several seats")
    .option("--site <site>", "only seats of this site, by name or id; with --file")
    .requiredOption("--reason <text>", "why, for whoever is asked and for the record")
    .option("--no-ask", "ask nobody first; seats without evidence cannot be")
    .option("--decider <email>", "who decides where no answer comes and no manager is known")
    .option("--apply", "propose them, if no row is wrong")
    .option("--accept-errors", "propose those that are right although others are not")
    .action((options: ProposeOptions) => propose(cli, options));
}

async function propose(cli: Cli, options: ProposeOptions): Promise<void> {
  const isNamed = options.account !== undefined || options.person !== undefined;
  if (isNamed === (options.file !== undefined)) {
    throw usageFailure(
      "Say which seats: --account, --person, or --file.",
      "usher reclaim candidates propose --file leavers.csv …",
    );
  }
  const session = await connect(cli);
  const preview = await call(session, options, false);
  const isHeld = preview.errorsCount > 0 && !options.acceptErrors;
  if (!options.apply || isHeld) {
    print(cli, preview);
    tellDone(cli, `Would propose ${counted(preview.proposed, "seat")} of ${preview.rows}. Nothing was changed.`);
    tellNext(
      cli,
      isHeld ? "correct the rows, or go on without: --apply --accept-errors" : "the same command with --apply",
    );
    if (isHeld) cli.exitWith(EXIT.held);
    return;
  }
  const done = await call(session, options, true);
  print(cli, done);
  tellDone(cli, `Proposed ${counted(done.proposed, "seat")} of ${done.rows}.`);
  tellNext(cli, "usher reclaim candidates list");
}

async function call(session: Session, options: ProposeOptions, apply: boolean): Promise<ProposalWire> {
  const { reason, ask, decider, acceptErrors = false } = options;
  if (options.file === undefined) {
    const named = { accountIds: options.account ?? [], personIds: options.person ?? [] };
    const body = { ...named, reason, ask, decider: decider ?? null, acceptErrors };
    return session.call(proposeCandidates, { body: { ...body, preview: !apply } });
  }
  const { csv } = await openFile(options.file, {});
  const siteId = options.site === undefined ? {} : { siteId: (await findSite(session, options.site)).id };
  const query = { reason, ask, apply, acceptErrors, ...siteId };
  return session.call(proposeCandidatesFile, { csv, query: { ...query, ...(decider ? { decider } : {}) } });
}

function print(cli: Cli, proposal: ProposalWire): void {
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") return printJson(cli, proposal);
  printRows(cli, PROPOSAL_ERRORS, proposal.errors);
}
