import type { Condition } from "./conditions.ts";
import type { EvidenceKind } from "./facts.ts";

export type ReclamationRuleStatus = "draft" | "report-only" | "active" | "paused";

/** Who answers for a seat when its holder does not, or is not asked. */
export type Decider = "manager" | "named";

/** Who is asked first. `nobody` needs a reason of its own, since its holder cannot object beforehand. */
export type Asked = "holder" | "nobody";

export interface ReclamationSettings {
  /** Kinds whose silence counts; at least one of them must see readers for silence to prove anything. */
  evidence: EvidenceKind[];
  /** Days after access was given in which a seat is left alone. */
  graceDays: number;
  checkIn: {
    asked: Asked;
    /** Why nobody is asked; null where the holder is. */
    silentReason: string | null;
    answerDays: number;
    /** Days before the answer is due on which the question is repeated. */
    reminderDays: number[];
  };
  /** What silence means once the answer is due. */
  noAnswer: "keep" | "escalate" | "reclaim";
  decision: {
    by: Decider;
    /** The named decider, and the one when no manager is known. */
    email: string | null;
    days: number;
  };
  /** Seats whose evidence does not cover the window may be asked; silence then keeps or escalates, never reclaims. */
  asksWithoutEvidence: boolean;
  limits: {
    /** Most seats of an unattended run, and the most in percent of the site's seats: whichever is less. */
    perRun: number;
    perRunPercent: number;
    perDay: number;
    /** Data older than this is not acted on. */
    dataHoursMax: number;
    /** Seats tried first before the others; 0: none. */
    canary: number;
    /** Plans of more seats than this need a second person. */
    secondPersonAbove: number;
    /** Pauses the rule when more than this share of a plan failed, or of what it took was restored, in percent. */
    failurePercentMax: number;
    restorePercentMax: number;
  };
  /** Whole UTC days, both ends included, on which nothing is taken. */
  blackouts: { from: string; until: string; reason: string }[];
  timing: "now" | "before-billing";
  restoreDays: number;
  /** Days after a *keep* in which the seat is left alone. */
  coolDownDays: number;
  /** The holder gets the seat back at once, where one is free, while the restore window is open. */
  selfServiceRestore: boolean;
}

/** PRODUCT.md §6. */
export const DEFAULT_RECLAMATION_SETTINGS: ReclamationSettings = {
  evidence: ["viewed", "authenticated", "contributed", "administered"],
  graceDays: 30,
  checkIn: { asked: "holder", silentReason: null, answerDays: 7, reminderDays: [3, 1] },
  noAnswer: "escalate",
  decision: { by: "manager", email: null, days: 7 },
  asksWithoutEvidence: false,
  limits: {
    perRun: 25,
    perRunPercent: 5,
    perDay: 50,
    dataHoursMax: 36,
    canary: 5,
    secondPersonAbove: 100,
    failurePercentMax: 10,
    restorePercentMax: 20,
  },
  blackouts: [],
  timing: "now",
  restoreDays: 30,
  coolDownDays: 90,
  selfServiceRestore: true,
};

/** States of a candidate on its way. */
export const OPEN_CANDIDATE_STATES = [
  "detected",
  "ready",
  "asking",
  "deciding",
  "scheduled",
  "executing",
  "attention",
] as const;
/** States in which its seat is no longer on any way; `reclaimed` may still become `restored`. */
export const CLOSED_CANDIDATE_STATES = [
  "reclaimed",
  "restored",
  "kept",
  "canceled",
  "excluded",
  "superseded",
  "gone",
] as const;
export type CandidateState = (typeof OPEN_CANDIDATE_STATES)[number] | (typeof CLOSED_CANDIDATE_STATES)[number];

export type CheckInAnswer = "keep" | "give-back" | "on-leave" | "none";

/** Why a rule is paused. `limit`, `failures` and `restores` are its own safeguards; `person` is somebody's decision. */
export interface RulePause {
  by: "limit" | "failures" | "restores" | "person";
  reason: string;
  /** ISO instant. */
  at: string;
}

/** When to take a seat back, and how. */
export interface ReclamationRule {
  id: string;
  name: string;
  status: ReclamationRuleStatus;
  /** Null: every site. */
  siteIds: string[] | null;
  condition: Condition;
  settings: ReclamationSettings;
  /** Null unless it is paused. */
  paused: RulePause | null;
  ownerId: string | null;
  /** The connection whose publishing made it. */
  madeFor: string | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}
