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
