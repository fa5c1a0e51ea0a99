import { listCandidates } from "../../api/candidates.ts";
import { ApiProblem } from "../../api/client.ts";
import type { WireOf } from "../../api/contract.ts";
import { applyPlan, approvePlan, createPlan, getPlan, listPlanRows, undoPlan } from "../../api/plans.ts";
import { listSeats } from "../../api/seats.ts";
import { canAsk, confirm, interrupted } from "../ask.ts";
import type { Cli } from "../cli.ts";
import { findSite } from "../connections/find.ts";
import { EXIT } from "../exit-codes.ts";
import { CliFailure, usageFailure } from "../failure.ts";
import { parseFilters } from "../filters.ts";
import { filterNames } from "../list-command.ts";
import { counted } from "../output/format.ts";
import { printRows } from "../output/print.ts";
import { findRule } from "../reclamation/find.ts";
import { connect, failureOf, type Session } from "../session.ts";
import { tellDone, tellNext } from "../write-command.ts";
import { needsSecondPerson, PLAN_ROWS, type PlanDetail, planLine, printPlan } from "./show.ts";

export interface PlanOptions {
  filter?: string[];
  seat?: string[];
  candidates?: string[];
  reason: string;
  acceptProduct?: string[];
  acceptNoEvidence?: boolean;
  validHours?: string;
}

type SeatChoice = { siteId: string; accountId: string; candidateId?: string };

/** Saves what taking these seats would do; nothing is changed by it. */
export async function makePlan(cli: Cli, options: PlanOptions): Promise<void> {
  const session = await connect(cli);
  const seats = await chooseSeats(session, options);
  const validHours = options.validHours === undefined ? {} : { validHours: wholeHours(options.validHours) };
  const plan = await session.call(createPlan, {
    body: {
      seats,
      reason: options.reason,
      acceptsProducts: options.acceptProduct ?? [],
      acceptsNoEvidence: options.acceptNoEvidence ?? false,
      ...validHours,
    },
  });
  printPlan(cli, await session.call(getPlan, { params: { planId: plan.id } }));
  tellNext(cli, `usher reclaim rows ${plan.id}`);
}

async function chooseSeats(session: Session, { filter = [], seat = [], candidates }: PlanOptions) {
  const isBySeat = filter.length > 0 || seat.length > 0;
  if (isBySeat === (candidates !== undefined)) {
    const next = "Add --filter 'status=idle', --seat <seat-id>, or --candidates rule=<rule>.";
    throw usageFailure(isBySeat ? "Seats are chosen by what they are, or as candidates." : "Which seats?", next);
  }
  const seats = candidates ? await listChosenCandidates(session, candidates) : await listChosen(session, filter, seat);
  if (seats.length > 0) return seats;
  const [what, next] = candidates
    ? ["No candidate matches.", "usher reclaim candidates list --filter state=scheduled"]
    : ["No seat matches.", "usher seat list"];
  throw new CliFailure(what, { exitCode: EXIT.notFound, next });
}

/** Those that were decided to be taken, unless the conditions name other states. */
async function listChosenCandidates(session: Session, conditions: readonly string[]): Promise<SeatChoice[]> {
  const aliases = { name: "q", search: "q", site: "siteId", rule: "ruleId", person: "personId" };
  const filters = { state: "scheduled", ...parseFilters(conditions, filterNames(listCandidates), aliases) };
  const { siteId, ruleId } = filters as { siteId?: string; ruleId?: string };
  const query = {
    ...filters,
    ...(siteId ? { siteId: (await findSite(session, siteId)).id } : {}),
    ...(ruleId ? { ruleId: (await findRule(session, ruleId)).id } : {}),
  };
  const found = await Array.fromAsync(session.items(listCandidates, { query: query as never }));
  return found.map(({ siteId: at, accountId, candidateId }) => ({ siteId: at, accountId, candidateId }));
}

async function listChosen(session: Session, filter: readonly string[], seat: readonly string[]): Promise<SeatChoice[]> {
  const wanted = new Set(seat);
  const filters = parseFilters(filter, filterNames(listSeats), { name: "q", search: "q", site: "siteId" });
  if (filters.siteId && !filters.siteId.startsWith("site_")) {
    filters.siteId = (await findSite(session, filters.siteId)).id;
  }
  const seats: SeatChoice[] = [];
  for await (const row of session.items(listSeats, { query: filters as never })) {
    if (wanted.size > 0 && !wanted.delete(row.seatId)) continue;
    seats.push({ siteId: row.siteId, accountId: row.accountId });
    if (wanted.size === 0 && seat.length > 0) break;
  }
  const [missing] = wanted;
  if (missing) throw new CliFailure(`There is no seat ${missing} among these.`, { exitCode: EXIT.notFound });
  return seats;
}

function wholeHours(given: string): number {
  const hours = Number(given);
  if (Number.isInteger(hours) && hours > 0) return hours;
  throw usageFailure(`--valid-hours ${given} is not a number of hours.`, "It is a whole number, such as 24.");
}

/** One plan; with its seats where they are asked for. */
export async function showPlan(cli: Cli, planId: string): Promise<void> {
  const session = await connect(cli);
  const plan = await session.call(getPlan, { params: { planId } });
  printPlan(cli, plan);
  tellNext(cli, nextOf(plan));
}

function nextOf(plan: PlanDetail): string {
  if (needsSecondPerson(plan)) return bySomebodyElse(plan.id);
  if (plan.state === "ready") return `usher reclaim apply ${plan.id} --confirm ${plan.counts.seats}`;
  if (plan.paused) return `usher reclaim resume ${plan.id}, or usher reclaim discard ${plan.id} --reason <why>`;
  if (plan.kind === "reclaim" && (plan.state === "applied" || plan.state === "partial")) {
    return `usher reclaim undo ${plan.id} --reason <why>`;
  }
  if (isElsewhere(plan)) return `usher reclaim actions --filter plan=${plan.id} waits=true`;
  return `usher reclaim rows ${plan.id}`;
}

const bySomebodyElse = (planId: string) => `somebody else: usher reclaim approve ${planId}`;

/** What the server refuses, with the command that helps. */
async function elseTry<T>(next: Readonly<Record<string, string>>, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (thrown) {
    const code = thrown instanceof ApiProblem ? thrown.problem.code : "";
    const failure = failureOf(thrown);
    if (failure === null || next[code] === undefined) throw thrown;
    throw new CliFailure(failure.message, { ...failure, next: next[code], cause: thrown });
  }
}

export async function approve(cli: Cli, planId: string): Promise<void> {
  const session = await connect(cli);
  const plan = await session.call(getPlan, { params: { planId } });
  cli.stderr.write(`${planLine(plan)}\n`);
  await confirm(cli, "Agree to this plan as the second person?");
  await elseTry(
    { "own-plan": bySomebodyElse(planId), "not-a-person": bySomebodyElse(planId) },
    session.call(approvePlan, { params: { planId }, body: { hash: plan.hash } }),
  );
  tellDone(cli, `You approved ${planId}.`);
  const maker = plan.createdByName ?? "another person";
  tellNext(cli, `${maker}, or somebody else than you: usher reclaim apply ${planId} --confirm ${plan.counts.seats}`);
}

export interface ApplyOptions {
  confirm?: string;
  /** Follows it to its end. */
  wait: boolean;
  dryRun?: boolean;
}

/** Carries a plan out and follows it to its end. Whoever stops waiting stops nothing else. */
export async function apply(cli: Cli, planId: string, options: ApplyOptions): Promise<void> {
  const session = await connect(cli);
  const plan = await session.call(getPlan, { params: { planId } });
  cli.stderr.write(`${planLine(plan)}\n`);
  if (options.dryRun) return printRows(cli, PLAN_ROWS, await rowsOf(session, planId));
  const confirmCount = await typedCount(cli, plan, options.confirm);
  await elseTry(
    { "approval-needed": bySomebodyElse(planId), "data-too-old": "usher sync --watch" },
    session.call(applyPlan, { params: { planId }, body: { hash: plan.hash, confirmCount } }),
  );
  await follow(cli, session, planId, options.wait);
}

async function rowsOf(session: Session, planId: string) {
  return Array.fromAsync(session.items(listPlanRows, { params: { planId } }));
}

/** More than ten people who lose something: their number is typed, a yes does not do. */
async function typedCount(cli: Cli, plan: PlanDetail, given: string | undefined): Promise<number | null> {
  const { seats } = plan.counts;
  if (given !== undefined) {
    if (Number(given) === seats) return seats;
    throw usageFailure(
      `The plan changes ${seats} seats, not ${given}. Nothing was changed.`,
      `Add --confirm ${seats}.`,
    );
  }
  const verb = plan.kind === "reclaim" ? "Take" : "Give back";
  if (seats <= 10 || plan.kind === "restore") {
    await confirm(cli, `${verb} ${counted(seats, "seat")}? What was written stays.`);
    return null;
  }
  if (!canAsk(cli)) throw usageFailure("Nothing was changed: the number was not typed.", `Add --confirm ${seats}.`);
  const clack = await import("@clack/prompts");
  const answer = await clack.text({
    message: `${verb} ${counted(seats, "seat")}? What was written stays. Type the number to go on.`,
    output: process.stderr,
    signal: cli.signal,
  });
  if (clack.isCancel(answer)) throw interrupted();
  if (Number(answer) === seats) return seats;
  throw usageFailure("Nothing was changed: the number was not typed.", `Add --confirm ${seats}.`);
}

const LOOK_MS = 1000;

/** Looks until the plan has ended or waits for somebody. */
export async function follow(cli: Cli, session: Session, planId: string, waits: boolean): Promise<void> {
  let told = "";
  for (;;) {
    const plan = await session.call(getPlan, { params: { planId } });
    const line = progressLine(plan);
    if (line !== told) cli.stderr.write(`${line}\n`);
    told = line;
    if (plan.state !== "applying") return end(cli, plan);
    if (!waits || plan.paused || isElsewhere(plan)) return endPending(cli, plan);
    await cli.clock.sleep(LOOK_MS, cli.signal);
  }
}

function progressLine({ progress, counts }: PlanDetail): string {
  const open = progress.executing + progress.planned;
  const failed = progress.failed + progress.unverified;
  return `${counts.seats - open} of ${counts.seats} seats${failed > 0 ? `, ${failed} failed` : ""}`;
}

function end(cli: Cli, plan: PlanDetail): void {
  printPlan(cli, plan);
  if (plan.state === "partial") cli.exitWith(EXIT.partly);
  tellNext(cli, nextOf(plan));
}

function endPending(cli: Cli, plan: PlanDetail): void {
  printPlan(cli, plan);
  cli.exitWith(plan.paused ? EXIT.held : EXIT.pending);
  tellNext(cli, nextOf(plan));
}

/** What is left of it is for a person or another system to change. */
function isElsewhere({ state, progress, counts }: PlanDetail): boolean {
  return state === "applying" && progress.executing > 0 && progress.executing <= counts.elsewhere;
}

export async function undo(cli: Cli, planId: string, options: { reason: string }): Promise<void> {
  const session = await connect(cli);
  const plan: WireOf<typeof undoPlan> = await elseTry(
    { "not-undoable": `usher reclaim show ${planId}` },
    session.call(undoPlan, { params: { planId }, body: options }),
  );
  printPlan(cli, await session.call(getPlan, { params: { planId: plan.id } }));
  tellNext(cli, `usher reclaim apply ${plan.id}`);
}
