import type { EvidenceKind } from "./facts.ts";
import type { CandidateState, CheckInAnswer, ReclamationSettings } from "./reclamation.ts";

/** What was known of the use of a seat at one moment, as it is kept with each step of a candidate. Instants are ISO. */
export interface CandidateEvidence {
  /** The latest use of each kind; null: nothing was seen. */
  lastUse: Record<EvidenceKind, string | null>;
  /**
   * What kinds that see readers cover for the account. Without `knownSince` its whole life is known; an empty list:
   * reading is not observed.
   */
  reading: { kind: "viewed" | "authenticated"; knownSince: string | null; knownUntil: string }[];
  grantedAt: string | null;
  seatStatus: string | null;
  /** Use that was looked up for this seat alone, just before something was done; absent: nothing was looked up. */
  lookedUp?: { at: string; lastUseAt: string | null };
}

/** A part of a rule's condition that held, in words and with what it saw; or what a person said who proposed it. */
export interface CandidateReason {
  is: string;
  says: string;
  isNegated: boolean;
  saw: Readonly<Record<string, string | number | boolean | null>>;
}

/** Why something stands still, for whoever reads it: what is the matter, and what to do. */
export interface Hindrance {
  code: string;
  message: string;
  fix: string | null;
}

/** A seat that a rule found, or that a person proposed, on its way through ask, decide and execute. */
export interface Candidate {
  id: string;
  siteId: string;
  accountId: string;
  personId: string;
  /** Null: a guest. */
  seatId: string | null;
  /** Null: proposed by hand. */
  ruleId: string | null;
  ruleRevision: number | null;
  /** A person who wants this seat asked or taken, whatever the status of its rule. */
  proposedBy: string | null;
  proposedReason: string | null;
  settings: ReclamationSettings;
  state: CandidateState;
  revision: number;
  because: CandidateReason[];
  lacksEvidence: boolean;
  lastUsedAt: Date | null;
  detectedAt: Date;
  stateSince: Date;
  /** When the state ends by itself. */
  dueAt: Date | null;
  askedAt: Date | null;
  remindersSent: number;
  answer: CheckInAnswer | null;
  answeredAt: Date | null;
  leaveUntil: Date | null;
  deciderPerson: string | null;
  deciderEmail: string | null;
  decidedBy: string | null;
  keptUntil: Date | null;
  scheduledFor: Date | null;
  waits: Hindrance | null;
  planId: string | null;
  attention: Hindrance | null;
  savesMinor: number | null;
  savesCurrency: string | null;
  savesFrom: Date | null;
  closedAt: Date | null;
}
