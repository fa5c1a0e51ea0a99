export const PLAN_STATES = ["ready", "applying", "applied", "partial", "expired", "discarded", "undone"] as const;
export type PlanState = (typeof PLAN_STATES)[number];

export const PLAN_ROW_STATES = [
  "planned",
  "left-out",
  "executing",
  "done",
  "failed",
  "unverified",
  "restored",
] as const;
export type PlanRowState = (typeof PLAN_ROW_STATES)[number];

export const ACTION_STATES = ["planned", "running", "done", "failed", "unverified", "skipped"] as const;
export type ActionState = (typeof ACTION_STATES)[number];

/** How a seat is taken or given back; which of them serves a site is a setting of the site. */
export const EXECUTORS = ["group-memberships", "directory", "scim", "account", "instruction", "webhook"] as const;
/**
 * `group-memberships`: out of the groups that give the seat; `directory`: suspended in the organization; `scim`:
 * deactivated by SCIM; `account`: disabled in Data Center; `instruction`: a person does it and confirms; `webhook`: an
 * outside flow does it and reports back.
 */
export type Executor = (typeof EXECUTORS)[number];

export type PlanKind = "reclaim" | "restore";

/** A membership that a plan removes or gives back, with what it was called when the plan was made. */
export interface PlanMembership {
  groupId: string;
  groupSourceId: string;
  name: string;
  /** An identity provider manages the group, so that only it can change its members. */
  isExternal: boolean;
}

/** What goes with a seat besides the seat. */
export interface PlanLosses {
  /** Spaces that only the removed memberships open; null where the rights of the site are not read. */
  spaces: number | null;
  /** Keys of the first of them, in their order. */
  spaceKeys: string[];
  /** Keys of spaces that nobody else administers. */
  lastAdminOf: string[];
  /** Groups that give the product and that a person dropped from those Usher manages: access through them stays. */
  keepsAccessThrough: string[];
}

/** What a person or another system is to do, with the exact change. */
export interface PlanInstruction {
  /** Why Usher does not do it itself, in words. */
  why: string;
  /** The change, in words. */
  text: string;
  /** Memberships of the seat that cannot be given back, each with why. */
  cannotRestore: { name: string; why: string }[];
}

/** Why a seat was left out, failed or could not be verified. */
export interface PlanOutcome {
  code: string;
  message: string;
  fix: string | null;
}

/** Bounds under which a plan is carried out, fixed when it is made. */
export interface PlanLimits {
  perDay: number;
  /** Data older than this is not acted on. */
  dataHoursMax: number;
  /** A plan pauses when more than this share of its seats failed, in percent. */
  failurePercentMax: number;
  /** The rule pauses when more than this share of what a plan took was given back, in percent. */
  restorePercentMax: number;
  /** More seats than this, in one plan or in a day by one person, need a second one; absent: no matter how many. */
  secondPersonAbove?: number;
  blackouts: { from: string; until: string; reason: string }[];
}

export interface PlanCounts {
  seats: number;
  /** Seats that the plan names and does not touch. */
  leftOut: number;
  /** Seats that a person or another system changes. */
  elsewhere: number;
  memberships: number;
  /** Seats whose holder is the only administrator of a space. */
  lastAdmins: number;
}

/** What a month of the plan's seats costs, of one currency and one date. */
export interface PlanMoney {
  seats: number;
  monthMinor: number;
  currency: string;
  saving: "next-bill" | "renewal" | "lower-tier";
  from: Date | null;
}

export interface PlanPause {
  /** `canary`, `failures`: a limit tripped; `site`: the site may not be written to; `person`. */
  by: "canary" | "failures" | "site" | "rule" | "person";
  message: string;
  at: Date;
}

export interface Plan {
  id: string;
  kind: PlanKind;
  state: PlanState;
  reason: string;
  ruleId: string | null;
  /** Of a restore: the plan it takes back, wholly or in part. */
  undoesPlanId: string | null;
  isUnattended: boolean;
  /** The holder of the seat asked for it back. */
  askedByHolder: boolean;
  siteIds: string[];
  /** Products other than Confluence that its accounts may lose: whoever applies it accepts that. */
  acceptsProducts: string[];
  counts: PlanCounts;
  money: PlanMoney[];
  limits: PlanLimits;
  hash: string;
  approvalsNeeded: number;
  canarySize: number;
  paused: PlanPause | null;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
  appliedBy: string | null;
  appliedAt: Date | null;
  finishedAt: Date | null;
  revision: number;
}
