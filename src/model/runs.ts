/**
 * `license` reads only what decides who holds a seat; `full` reads everything that the connection's capabilities allow;
 * `delta` looks again at what the audit log names since the run before.
 */
export type RunScope = "full" | "license" | "delta";

export type RunTrigger = "schedule" | "person" | "publish";

export type RunState = "queued" | "running" | "succeeded" | "partial" | "failed" | "canceled" | "held";

/** What a person decided about a held difference. */
export type HeldDecision = "accepted" | "discarded";

export type ListingState = "waiting" | "reading" | "complete" | "failed" | "not-allowed";

/** Kinds whose loss the safeguard watches. */
export type GuardedKind =
  | "accounts"
  | "groups"
  | "memberships"
  | "group-nestings"
  | "product-access"
  | "spaces"
  | "space-permissions"
  | "role-assignments";

export type ListingKind =
  | "accounts"
  | "account-statuses"
  | "organization-accounts"
  | "organization-groups"
  | "groups"
  | "product-access"
  | "memberships"
  | "group-nestings"
  | "spaces"
  | "space-permissions"
  | "space-roles"
  | "role-assignments"
  | "content-activity"
  | "audit-activity"
  /** One group, one space, the groups of one account: what a delta run looks at again. */
  | "group-by-id"
  | "space-by-id"
  | "groups-of-account";

/** How a source answered a request: `slowed` asks to wait, `refused` lacks a right or a sign-in, `silent` is no answer. */
export const ANSWER_KINDS = ["answered", "slowed", "refused", "not-found", "failed", "silent"] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

export interface RunCounts {
  read: number;
  added: number;
  changed: number;
  gone: number;
  notVisible: number;
  errors: number;
}

export interface Run {
  id: string;
  siteId: string;
  connectionId: string;
  scope: RunScope;
  trigger: RunTrigger;
  state: RunState;
  requestedBy: string;
  requestedAt: Date;
  startedAt: Date | null;
  /** The one instant that the run's facts carry as valid_from and valid_to. */
  observedAt: Date | null;
  finishedAt: Date | null;
  counts: RunCounts;
  requests: number;
  /** Points of the 3LO quota (FACTS §8); 0 with API tokens. */
  points: number;
  forecastRequests: number | null;
  forecastPoints: number | null;
  /** Milliseconds spent waiting because the source asked us to slow down. */
  waitedMs: number;
  errorCode: string | null;
  errorMessage: string | null;
}

export interface RunEvent {
  seq: number;
  at: Date;
  level: "info" | "warn" | "error";
  /** A short code for machines: `listing.complete`, `rate-limited`, `safeguard.held`. */
  event: string;
  message: string;
  data: Record<string, unknown>;
}
