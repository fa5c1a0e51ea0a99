import { type Command, Option } from "commander";
import { listActions, reportAction } from "../../api/actions.ts";
import { discardPlan, listPlanRows, listPlans, pausePlan, restoreSeat, resumePlan } from "../../api/plans.ts";
import { listSeats } from "../../api/seats.ts";
import { confirm } from "../ask.ts";
import { registerCandidates } from "../candidates/register.ts";
import type { Cli } from "../cli.ts";
import { findSite } from "../connections/find.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { addList, type RowOf } from "../list-command.ts";
import { type Column, idColumn, instantColumn, stateColumn, textColumn } from "../output/columns.ts";
import {
  apply,
  type ApplyOptions,
  approve,
  follow,
  makePlan,
  type PlanOptions,
  showPlan,
  undo,
} from "../plans/make.ts";
import { PLAN_ROWS, PLANS } from "../plans/show.ts";
import { connect, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";

const ACTIONS: readonly Column<RowOf<typeof listActions>>[] = [
  idColumn((action) => action.id, "Action"),
  stateColumn("State", (action) => action.state),
  textColumn("Kind", (action) => action.kind),
  textColumn("Site", (action) => action.site),
  textColumn("Person", (action) => action.name ?? action.target.accountSourceId),
  textColumn("Do", (action) => action.instruction ?? action.target.groupSourceId),
  instantColumn("Sent", (action) => action.sentAt),
  instantColumn("Finished", (action) => action.finishedAt),
  textColumn("Because", (action) => action.outcome?.message),
];

const PLAN = "<plan-id>";
const REASON = ["--reason <text>", "why, for the journal"] as const;

export function register(command: Command, cli: Cli): void {
  registerCandidates(command.command("candidates").description("seats on their way to be taken"), cli);
  addList(command.command("list").description("plans and what became of them"), cli, {
    route: listPlans,
    columns: PLANS,
    empty: "No plan yet. Make one: usher reclaim plan",
  });
  command
    .command("plan")
    .description("save what taking seats would do; changes nothing")
    .option("--filter <conditions...>", "which seats: conditions as usher seat list takes them")
    .option("--seat <seats...>", "these seats, by id")
    .option(
      "--candidates <conditions...>",
      "candidates to be taken: conditions as usher reclaim candidates list takes them",
    )
    .requiredOption(...REASON)
    .option("--accept-product <products...>", "products besides Confluence that the accounts may lose")
    .option("--accept-no-evidence", "also seats of which nobody knows whether they are used")
    .option("--valid-hours <hours>", "until when it can be applied (24)")
    .action((options: PlanOptions) => makePlan(cli, options));
  command
    .command("show")
    .description("one plan: counts, money, how far it is")
    .argument(PLAN)
    .action((planId: string) => showPlan(cli, planId));
  addList(
    command.command("rows").description("the seats of a plan, each with its change").argument(PLAN),
    cli,
    { route: listPlanRows, columns: PLAN_ROWS, empty: "The plan has no such seat." },
    async (_, [planId = ""]) => ({ planId }),
  );
  registerLife(command, cli);
  registerActions(command, cli);
}

function registerLife(command: Command, cli: Cli): void {
  command
    .command("approve")
    .description("agree to a large plan as the second person")
    .argument(PLAN)
    .action((planId: string) => approve(cli, planId));
  command
    .command("apply")
    .description("carry a plan out, and follow it")
    .argument(PLAN)
    .option("--confirm <seats>", "the number of seats that it changes")
    .option("--no-wait", "begin it and do not follow it")
    .option("--dry-run", "show each seat with its change, and do nothing")
    .action((planId: string, options: ApplyOptions) => apply(cli, planId, options));
  command
    .command("undo")
    .description("plan to give back everything that a plan took")
    .argument(PLAN)
    .requiredOption(...REASON)
    .action((planId: string, options: { reason: string }) => undo(cli, planId, options));
  command
    .command("restore")
    .description("give one seat back now, by exactly what was taken")
    .argument("<person>", "name, e-mail or account id")
    .option("--site <site>", "where; needed where there are several")
    .option("--plan <plan-id>", "the plan that took it")
    .requiredOption(...REASON)
    .option("--no-wait", "begin it and do not follow it")
    .action((person: string, options: RestoreOptions) => restore(cli, person, options));
  command
    .command("pause")
    .description("send nothing more of a plan under way")
    .argument(PLAN)
    .requiredOption(...REASON)
    .action(async (planId: string, { reason }: { reason: string }) => {
      await (await connect(cli)).call(pausePlan, { params: { planId }, body: { reason } });
      tellDone(cli, `${planId} is paused.`);
      tellNext(cli, `usher reclaim resume ${planId}`);
    });
  command
    .command("resume")
    .description("go on with the rest of a paused plan")
    .argument(PLAN)
    .option("--no-wait", "do not follow it")
    .action(async (planId: string, { wait }: { wait: boolean }) => {
      const session = await connect(cli);
      await session.call(resumePlan, { params: { planId } });
      await follow(cli, session, planId, wait);
    });
  command
    .command("discard")
    .description("give a plan up; what was changed stays")
    .argument(PLAN)
    .requiredOption(...REASON)
    .action(async (planId: string, { reason }: { reason: string }) => {
      await confirm(cli, `Give up ${planId}? What it changed already stays changed.`);
      await (await connect(cli)).call(discardPlan, { params: { planId }, body: { reason } });
      tellDone(cli, `${planId} is given up.`);
      tellNext(cli, `usher reclaim show ${planId}`);
    });
}

function registerActions(command: Command, cli: Cli): void {
  addList(command.command("actions").description("changes at sources: planned, sent, read back"), cli, {
    route: listActions,
    columns: ACTIONS,
    empty: "No such action.",
  });
  command
    .command("report")
    .description("say what became of changes that Usher does not make itself")
    .argument("<action-ids...>")
    .addOption(new Option("--outcome <outcome>").choices(["done", "failed"]).makeOptionMandatory())
    .option("--note <text>", "what you found; needed where it failed")
    .action(async (actionIds: string[], { outcome, note }: { outcome: "done" | "failed"; note?: string }) => {
      const session = await connect(cli);
      for (const actionId of actionIds) {
        await session.call(reportAction, { params: { actionId }, body: { outcome, note: note ?? null } });
        tellDone(cli, `${actionId} is ${outcome === "done" ? "read back now" : "noted as failed"}.`);
      }
      tellNext(cli, "usher reclaim actions --filter waits=true");
    });
}

interface RestoreOptions {
  site?: string;
  plan?: string;
  reason: string;
  wait: boolean;
}

async function restore(cli: Cli, person: string, options: RestoreOptions): Promise<void> {
  const session = await connect(cli);
  const params = person.startsWith("account_")
    ? { accountId: person, siteId: (await findSite(session, options.site)).id }
    : await findTaken(session, person, options.site);
  const { plan } = await session.call(restoreSeat, {
    params,
    body: { reason: options.reason, planId: options.plan ?? null },
  });
  await follow(cli, session, plan.id, options.wait);
}

/** Whose seat is meant: one that ended, or that the next run will see ended. */
async function findTaken(session: Session, person: string, site: string | undefined) {
  const siteId = site === undefined ? {} : { siteId: (await findSite(session, site)).id };
  const found = new Map<string, RowOf<typeof listSeats>>();
  for await (const seat of session.items(listSeats, { query: { q: person, state: "all", ...siteId } })) {
    found.set(`${seat.siteId}/${seat.accountId}`, seat);
    if (found.size > 10) break;
  }
  const [only, ...others] = [...found.values()];
  if (!only) throw new CliFailure(`No seat matches "${person}".`, { exitCode: EXIT.notFound });
  if (others.length > 0) {
    const names = [...found.values()].map((seat) => `${seat.accountId} (${seat.site}, ${seat.name})`);
    throw usageFailure(`"${person}" may be several.`, names.join("\n     "));
  }
  return { siteId: only.siteId, accountId: only.accountId };
}
