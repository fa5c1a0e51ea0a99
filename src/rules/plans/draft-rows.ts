import type { SourceKind } from "../../model/connections.ts";
import type { CandidateState } from "../../model/reclamation.ts";
import type { Executor, PlanInstruction, PlanLosses, PlanMembership, PlanOutcome } from "../../model/plans.ts";

/** How the seats of a site are taken, as far as a row depends on it. */
export interface ExecutorChoice {
  executor: Executor;
  managedExecutor: Executor;
  instructionText: string | null;
}

/** What a row of a plan says of one seat, as far as it is a judgement. */
export interface RowVerdict {
  executor: Executor;
  state: "planned" | "left-out";
  outcome: PlanOutcome | null;
  instruction: PlanInstruction | null;
}

export interface SeatToTake {
  accountSourceId: string;
  accountClass: "licensed" | "guest" | null;
  memberships: readonly PlanMembership[];
  exclusions: readonly string[];
  otherPlanId: string | null;
  isOfOther: boolean;
  /** Nobody knows whether it is used, and nobody accepted that. */
  isUnobserved: boolean;
  keptUntil: Date | null;
  /** Null: a person chose the seat itself. */
  candidate: { state: CandidateState } | null;
}

/** How one seat is taken, or why it is left alone. */
export function draftReclaimRow(seat: SeatToTake, site: { name: string } & ExecutorChoice): RowVerdict {
  const executor = executorFor(seat.memberships, site);
  const leftOut = whyLeftOut(seat);
  if (leftOut) return { executor, state: "left-out", outcome: leftOut, instruction: null };
  return { executor, state: "planned", outcome: null, instruction: instructionFor("reclaim", seat, executor, site) };
}

function whyLeftOut(seat: SeatToTake): PlanOutcome | null {
  const { accountClass, memberships, exclusions, otherPlanId, isOfOther, isUnobserved, keptUntil, candidate } = seat;
  if (accountClass === null) return outcome("no-seat", "It holds no seat any more.");
  if (exclusions.length > 0) {
    const fix = "End the exclusion, or leave the seat where it is.";
    return outcome("excluded", `It is excluded from reclaiming by ${exclusions.join(", ")}.`, fix);
  }
  if (otherPlanId !== null) return outcome("in-other-plan", `The plan ${otherPlanId} is changing it already.`);
  if (isOfOther) return outcome("other-candidate", "The candidate that was named is about another seat.");
  if (!candidate && keptUntil !== null) {
    const fix = "Leave it where it is, or talk to its holder and decide the candidate that was kept.";
    return outcome("kept", `It was kept until ${keptUntil.toISOString()}.`, fix);
  }
  if (!candidate && isUnobserved) {
    const fix = "Propose it, so that its holder is asked, or accept in the plan that seats are taken without evidence.";
    return outcome("no-evidence", "Nothing that sees readers was observed, so nobody knows whether it is used.", fix);
  }
  if (candidate && candidate.state !== "scheduled") {
    return outcome("not-decided", `Nobody has decided yet that it may be taken: it is ${candidate.state}.`);
  }
  if (accountClass === "guest" && memberships.length === 0) {
    return outcome("no-membership", "No product-access group gives a guest the place, so there is none to leave.");
  }
  return null;
}

export interface SeatToRestore {
  accountSourceId: string;
  isGone: boolean;
  /** How it was taken. */
  executor: Executor;
  memberships: readonly (PlanMembership & { isThere: boolean })[];
  otherPlanId: string | null;
}

/** How one seat is given back by the memberships that were taken, and what of them cannot be. */
export function draftRestoreRow(
  seat: SeatToRestore,
  site: { name: string } & ExecutorChoice,
): RowVerdict & { memberships: PlanMembership[] } {
  const there = seat.memberships.filter((each) => each.isThere);
  const memberships = there.map(({ groupId, groupSourceId, name, isExternal }): PlanMembership => ({
    groupId,
    groupSourceId,
    name,
    isExternal,
  }));
  const gone = seat.memberships.filter((each) => !each.isThere);
  const cannotRestore = gone.map(({ name }) => ({ name, why: "The group does not exist any more." }));
  const isByGroups = seat.executor === "group-memberships";
  const executor = isByGroups && memberships.some((each) => each.isExternal) ? site.managedExecutor : seat.executor;
  const leftOut = whyNotRestored(seat, isByGroups && memberships.length === 0);
  if (leftOut) {
    const named = cannotRestore.length > 0 ? { why: leftOut.message, text: "", cannotRestore } : null;
    return { executor, memberships, state: "left-out", outcome: leftOut, instruction: named };
  }
  const told = instructionFor("restore", { ...seat, memberships }, executor, site);
  const instruction: PlanInstruction | null =
    told === null && cannotRestore.length === 0
      ? null
      : { why: told?.why ?? "Some memberships cannot be given back.", text: told?.text ?? "", cannotRestore };
  return { executor, memberships, state: "planned", outcome: null, instruction };
}

function whyNotRestored({ isGone, otherPlanId }: SeatToRestore, hasNothingLeft: boolean): PlanOutcome | null {
  if (isGone) return outcome("account-gone", "The account does not exist any more.", "Invite the person again.");
  if (otherPlanId !== null) return outcome("in-other-plan", `The plan ${otherPlanId} is changing it already.`);
  if (hasNothingLeft) {
    const fix = "Put the account into a product-access group that exists.";
    return outcome("groups-gone", "None of the groups that gave the seat exists any more.", fix);
  }
  return null;
}

/**
 * A group that an identity provider manages changes nowhere else, so that all of such a seat goes the way that was chosen
 * for them; so does a seat that no group gives.
 */
function executorFor(memberships: readonly PlanMembership[], site: ExecutorChoice): Executor {
  if (site.executor !== "group-memberships") return site.executor;
  return memberships.length === 0 || memberships.some((each) => each.isExternal) ? site.managedExecutor : site.executor;
}

function instructionFor(
  kind: "reclaim" | "restore",
  seat: { accountSourceId: string; memberships: readonly PlanMembership[] },
  executor: Executor,
  site: { name: string } & ExecutorChoice,
): PlanInstruction | null {
  if (executor !== "instruction" && executor !== "webhook") return null;
  const note = site.instructionText ? ` ${site.instructionText}` : "";
  return {
    why: whyElsewhere(seat.memberships),
    text: `${changeInWords(kind, seat, site.name)}${note}`,
    cannotRestore: [],
  };
}

function whyElsewhere(memberships: readonly PlanMembership[]): string {
  if (memberships.length === 0) return "The account has the product by a permission of its own, not by a group.";
  const external = memberships.filter((each) => each.isExternal).map((each) => each.name);
  if (external.length > 0) return `An identity provider manages ${external.join(", ")}.`;
  return "The seats of this site are changed outside of Usher.";
}

function changeInWords(
  kind: "reclaim" | "restore",
  { accountSourceId, memberships }: { accountSourceId: string; memberships: readonly PlanMembership[] },
  site: string,
): string {
  if (memberships.length === 0) {
    const verb =
      kind === "reclaim"
        ? "Take the global permission to use Confluence from"
        : "Give the global permission to use Confluence to";
    return `${verb} the account ${accountSourceId} on ${site}.`;
  }
  const [verb, preposition] = kind === "reclaim" ? ["Remove", "from"] : ["Add", "to"];
  const groups = memberships.map(({ name, isExternal }) => (isExternal ? `${name} (identity provider)` : name));
  const noun = groups.length === 1 ? "group" : "groups";
  return `${verb} the account ${accountSourceId} ${preposition} the ${noun} ${groups.join(", ")} of ${site}.`;
}

function outcome(code: string, message: string, fix: string | null = null): PlanOutcome {
  return { code, message, fix };
}

/** Which executors exist for a source. Suspending and SCIM act on an Atlassian account, disabling on an instance's own. */
export function executorsOf(source: SourceKind): Executor[] {
  return source === "confluence-cloud"
    ? ["group-memberships", "directory", "scim", "instruction", "webhook"]
    : ["group-memberships", "account", "instruction", "webhook"];
}

export const NO_LOSSES: PlanLosses = { spaces: null, spaceKeys: [], lastAdminOf: [], keepsAccessThrough: [] };
