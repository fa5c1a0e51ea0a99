import type { SourceKind } from "./connections.ts";

/** What of an account a rule looks at; `attribute:<name>` is one of its further attributes. */
export type AccountMatchField = "email" | "username" | "displayName" | "accountId" | `attribute:${string}`;

/** What of an imported person it is compared with. */
export type PersonMatchField = "externalId" | "email" | "userName" | "displayName" | `attribute:${string}`;

export const ACCOUNT_MATCH_FIELDS = ["email", "username", "displayName", "accountId"] as const;
export const PERSON_MATCH_FIELDS = ["externalId", "email", "userName", "displayName"] as const;

/** One step that makes two ways of writing the same thing equal. */
export type Transform =
  | { kind: "lowercase" }
  | { kind: "trim" }
  /** The local part of an e-mail; a text without `@` stays. */
  | { kind: "strip-domain" }
  /** `from` null: whatever the domain is. */
  | { kind: "replace-domain"; from: string | null; to: string }
  /** A pattern of the whole text, in the small language of rules/match-pattern.ts; what it does not match stays. */
  | { kind: "replace"; pattern: string; with: string }
  /** Texts that stand for others; any other stays. */
  | { kind: "alias"; aliases: Record<string, string> };

/** `exact` gives the account to the person; `likely` only proposes it to whoever decides. */
export type MatchConfidence = "exact" | "likely";

export interface MatchRule {
  id: string;
  name: string;
  /** Only accounts of this kind of source; null: of any. */
  source: SourceKind | null;
  accountField: AccountMatchField;
  accountTransforms: Transform[];
  personField: PersonMatchField;
  personTransforms: Transform[];
  confidence: MatchConfidence;
  isEnabled: boolean;
}

/**
 * `matched`: one person; `conflicting`: one person who has another account on the same site; `ambiguous`: a rule finds
 * several people; `ignored`: nobody's by decision, or an app; else `unmatched`, with candidates where a rule proposes.
 */
export type MatchSituation = "matched" | "unmatched" | "ambiguous" | "conflicting" | "ignored";

export const MATCH_SITUATIONS = ["matched", "unmatched", "ambiguous", "conflicting", "ignored"] as const;

/** `manual` stays whatever rules say, until it is cleared. `account-type`: apps and portal customers are nobody's. */
export type MatchMethod = "rule" | "manual" | "account-type";
