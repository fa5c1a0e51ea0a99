import type { Command } from "commander";
import type { WireOf } from "../../api/contract.ts";
import { acceptHeldRun, discardHeldRun, getRun, listHeldDifference, summarizeHeldDifference } from "../../api/runs.ts";
import { askText, confirm } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure } from "../failure.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, instantColumn, numberColumn, stateColumn, textColumn } from "../output/columns.ts";
import { formatNumber } from "../output/format.ts";
import { layoutOf, printJson } from "../output/print.ts";
import { connect, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

type RunDetail = WireOf<typeof getRun>;

const DIFFERENCE: readonly Column<RowOf<typeof listHeldDifference>>[] = [
  textColumn("Kind", (row) => row.kind),
  textColumn("What", (row) => row.subjectName ?? row.subjectId),
  textColumn("Missing from", (row) => row.missingFromName ?? row.missingFromId),
  textColumn("Detail", (row) => row.detail),
  stateColumn("Found", (row) => row.verdict),
  textColumn("Because", (row) => row.reason),
  instantColumn("First missed", (row) => row.missingSince),
];

const TOTALS: readonly Column<RowOf<typeof summarizeHeldDifference>>[] = [
  textColumn("Kind", (row) => row.kind),
  textColumn("Missing from", (row) => row.missingFromName ?? row.missingFromId),
  numberColumn("Gone", (row) => row.gone),
  numberColumn("Kept anyway", (row) => row.kept),
];

const FLAGS = { kind: "kind", group: "missingFrom", space: "missingFrom" };

/** What a person does about a run that the safeguard held. */
export function registerHeld(command: Command, cli: Cli): void {
  const onRun = (verb: string, description: string) =>
    command.command(verb).description(description).argument("<run-id>");
  const params = async (_: Session, [runId = ""]: readonly string[]) => ({ runId });
  addList(
    onRun("difference", "what a held run missed, one by one"),
    cli,
    { route: listHeldDifference, columns: DIFFERENCE, flags: FLAGS, empty: "Nothing was missed." },
    params,
  );
  addList(
    onRun("difference-summary", "the same counted by kind, group and space"),
    cli,
    { route: summarizeHeldDifference, columns: TOTALS, flags: FLAGS, empty: "Nothing was missed." },
    params,
  );
  onRun("accept", "accept what a held run found gone: a new run closes it and reads the site anew")
    .option("--reason <text>", "why it is right; kept in the journal")
    .action((runId: string, options: { reason?: string }) => accept(cli, runId, options.reason));
  onRun("discard", "discard what a held run found gone: nothing is closed, and the next run looks anew")
    .option("--reason <text>", "why it is wrong; kept in the journal")
    .action((runId: string, options: { reason?: string }) => discard(cli, runId, options.reason));
}

/** A person sees what goes before it does, and says yes; who runs this unattended says it with `--yes`. */
async function accept(cli: Cli, runId: string, reason: string | undefined): Promise<void> {
  const session = await connect(cli);
  const { run, held } = await heldRun(session, runId);
  await confirm(
    cli,
    `Accept for ${run.siteName} that these are gone: ${held}? Who holds a seat is then computed anew.`,
  );
  const next = await session.call(acceptHeldRun, {
    params: { runId },
    body: reason === undefined ? undefined : { reason },
  });
  printForPrograms(cli, next);
  tellDone(cli, `Accepted for ${run.siteName}: ${held}. A new run closes them and reads the site.`);
  tellNext(cli, `usher run logs -f ${next.id}`);
}

async function discard(cli: Cli, runId: string, given: string | undefined): Promise<void> {
  const session = await connect(cli);
  const { run, held } = await heldRun(session, runId);
  const reason = given ?? (await askText(cli, "Why it is wrong", '--reason "the token lost its group"'));
  const discarded = await session.call(discardHeldRun, { params: { runId }, body: { reason } });
  printForPrograms(cli, discarded);
  tellDone(cli, `Discarded for ${run.siteName}: ${held}. Nothing was closed; the next run looks anew.`);
  tellNext(cli, `usher sync ${run.siteName}`);
}

async function heldRun(session: Session, runId: string): Promise<{ run: RunDetail; held: string }> {
  const run = await session.call(getRun, { params: { runId } });
  const held = heldOf(run);
  if (held === null) {
    throw new CliFailure(acceptHeldRun.refusals["not-held"].says, {
      exitCode: EXIT.conflict,
      next: "usher run list --filter state=held",
    });
  }
  return { run, held };
}

export function printForPrograms(cli: Cli, run: object): void {
  const layout = layoutOf(cli);
  if (layout === "json" || layout === "jsonl") printJson(cli, run);
}

/** Why the safeguard held a kind; a reason that this version does not know is told as it came. */
const HOLD_REASONS: Readonly<Record<string, string>> = {
  "too-many-gone": "more than the safeguard allows at once",
  "none-left": "none would be left",
  "credential-changed": "the account behind the credential changed",
  "depends-on-held": "what hangs on them is held",
};

/** `12 of 60 accounts (more than the safeguard allows at once)`; null where nothing waits for a person. */
export function heldOf({ held }: Pick<RunDetail, "held">): string | null {
  if (!held) return null;
  const kinds = Object.entries(held.kinds).map(
    ([kind, { known, gone, reason }]) =>
      `${formatNumber(gone)} of ${formatNumber(known)} ${kind} (${HOLD_REASONS[reason] ?? reason})`,
  );
  return kinds.join("; ");
}
