import type {
  AccountMatchField,
  MatchConfidence,
  MatchMethod,
  MatchRule,
  MatchSituation,
  PersonMatchField,
  Transform,
} from "../model/matching.ts";
import type { SourceKind } from "../model/connections.ts";
import { readPattern, readReplacement, replaceWhole } from "./match-pattern.ts";

/** What of an account the rules look at. */
export interface MatchSubject {
  accountId: string;
  siteId: string;
  source: SourceKind;
  /** Accounts with the same are one person by certainty, and are decided as one. */
  ownPersonId: string;
  sourceId: string;
  email: string | null;
  username: string | null;
  displayName: string | null;
  attributes: Readonly<Record<string, string>>;
  /** An app, or a portal customer: nobody's account. */
  isNobodys: boolean;
  /** Deactivated or deleted: it is matched, but stands beside no other account. */
  isClosed: boolean;
  /** What a person decided; null where rules may. `personId` null: the account is to be left alone. */
  decision: { personId: string | null } | null;
}

export interface MatchTarget {
  personId: string;
  externalId: string | null;
  emails: readonly string[];
  userName: string | null;
  displayName: string;
  attributes: Readonly<Record<string, string>>;
}

export interface MatchOutcome {
  situation: MatchSituation;
  method: MatchMethod | null;
  ruleId: string | null;
  confidence: MatchConfidence | null;
  /** Whose account it becomes; null: it stays with the person that it made by itself. */
  personId: string | null;
  candidates: string[];
}

/** People that a rule could not choose between: a few are enough to look. */
export const CANDIDATES_MAX = 10;

/**
 * The person behind each account, by account id. A decision of a person comes first. Else the first exact rule that
 * finds anybody decides: one person is the match, several are ambiguous, whatever later rules would say. Likely rules
 * are asked, in their order, only where no exact one finds anybody, and propose. Two open accounts of one person on one site are flagged unless a person decided so.
 * `store/matching/evaluate.ts` is the same in SQL, for all accounts at once; a property test holds both equal.
 */
export function matchAccounts(
  rules: readonly MatchRule[],
  subjects: readonly MatchSubject[],
  targets: readonly MatchTarget[],
): Map<string, MatchOutcome> {
  const outcomes = new Map<string, MatchOutcome>();
  for (const accounts of Map.groupBy(subjects, (each) => each.ownPersonId).values()) {
    const found = decide(rules, accounts, targets);
    for (const each of accounts) {
      const isIgnored = each.isNobodys && found.method !== "manual";
      outcomes.set(each.accountId, isIgnored ? { ...UNMATCHED, situation: "ignored", method: "account-type" } : found);
    }
  }
  return flagged(subjects, outcomes);
}

const UNMATCHED: MatchOutcome = {
  situation: "unmatched",
  method: null,
  ruleId: null,
  confidence: null,
  personId: null,
  candidates: [],
};

function decide(
  rules: readonly MatchRule[],
  accounts: readonly MatchSubject[],
  targets: readonly MatchTarget[],
): MatchOutcome {
  const decision = accounts.find((each) => each.decision !== null)?.decision;
  if (decision) {
    const { personId } = decision;
    return { ...UNMATCHED, situation: personId ? "matched" : "ignored", method: "manual", personId };
  }
  const people = accounts.filter((each) => !each.isNobodys);
  const isEnabled = (confidence: MatchConfidence) => (each: MatchRule) =>
    each.isEnabled && each.confidence === confidence;
  for (const rule of [...rules.filter(isEnabled("exact")), ...rules.filter(isEnabled("likely"))]) {
    const found = new Set(people.flatMap((each) => peopleFoundBy(rule, each, targets)));
    if (found.size === 0) continue;
    const candidates = [...found].sort().slice(0, CANDIDATES_MAX);
    const by = { method: "rule" as const, ruleId: rule.id, confidence: rule.confidence };
    if (found.size > 1) return { ...UNMATCHED, ...by, situation: "ambiguous", candidates };
    if (rule.confidence === "likely") return { ...UNMATCHED, ...by, candidates };
    return { ...by, situation: "matched", personId: candidates[0] ?? null, candidates: [] };
  }
  return UNMATCHED;
}

function peopleFoundBy(rule: MatchRule, account: MatchSubject, targets: readonly MatchTarget[]): string[] {
  if (rule.source !== null && rule.source !== account.source) return [];
  const key = keyOf(accountText(account, rule.accountField), rule.accountTransforms);
  if (key === null) return [];
  return targets
    .filter((each) => personTexts(each, rule.personField).some((text) => keyOf(text, rule.personTransforms) === key))
    .map((each) => each.personId);
}

/** An open account that a rule gave somebody who has another open account on the same site. */
function flagged(subjects: readonly MatchSubject[], outcomes: Map<string, MatchOutcome>): Map<string, MatchOutcome> {
  const open = subjects.filter((each) => !each.isClosed && outcomes.get(each.accountId)?.personId);
  const together = Map.groupBy(open, (each) => `${each.siteId}/${outcomes.get(each.accountId)?.personId}`);
  for (const accounts of together.values()) {
    if (accounts.length < 2) continue;
    for (const { accountId } of accounts) {
      const outcome = outcomes.get(accountId);
      if (outcome?.method === "rule") outcomes.set(accountId, { ...outcome, situation: "conflicting" });
    }
  }
  return outcomes;
}

function accountText(account: MatchSubject, field: AccountMatchField): string | null {
  if (field.startsWith("attribute:")) return account.attributes[field.slice("attribute:".length)] ?? null;
  return field === "accountId" ? account.sourceId : account[field as "email" | "username" | "displayName"];
}

function personTexts(person: MatchTarget, field: PersonMatchField): readonly (string | null)[] {
  if (field.startsWith("attribute:")) return [person.attributes[field.slice("attribute:".length)] ?? null];
  return field === "email" ? person.emails : [person[field as "externalId" | "userName" | "displayName"]];
}

/** Two texts are the same to a rule when their keys are; nothing is the same as nothing. */
export function keyOf(text: string | null, transforms: readonly Transform[]): string | null {
  if (text === null) return null;
  return transforms.reduce(transformed, text) || null;
}

function transformed(text: string, transform: Transform): string {
  switch (transform.kind) {
    case "lowercase":
      return text.toLowerCase();
    case "trim":
      return text.replaceAll(/^[ \t\n\r\u00a0]+|[ \t\n\r\u00a0]+$/g, "");
    case "strip-domain":
      return text.replace(/@[^@]*$/, "");
    case "replace-domain":
      return transform.from === null || domainOf(text) === transform.from.toLowerCase()
        ? text.replace(/@[^@]*$/, `@${transform.to}`)
        : text;
    case "replace":
      return replaceWhole(text, transform.pattern, transform.with);
    case "alias":
      return Object.hasOwn(transform.aliases, text) ? (transform.aliases[text] ?? text) : text;
  }
}

function domainOf(text: string): string | null {
  return /@([^@]*)$/.exec(text)?.[1]?.toLowerCase() ?? null;
}

export interface RuleFlaw {
  field: string;
  what: string;
  expected: string;
}

/** What no schema can say of a rule: names only propose, and patterns are of the language that both engines share. */
export function flawsOfRule(rule: Omit<MatchRule, "id">): RuleFlaw[] {
  const flaws: RuleFlaw[] = [];
  if (rule.confidence === "exact" && (rule.accountField === "displayName" || rule.personField === "displayName")) {
    flaws.push({
      field: "confidence",
      what: "is exact for a comparison of names",
      expected: "likely: people of one name are common, so a name only proposes",
    });
  }
  for (const side of ["accountTransforms", "personTransforms"] as const) {
    for (const [index, transform] of rule[side].entries()) {
      if (transform.kind !== "replace") continue;
      const pattern = readPattern(transform.pattern);
      const field = `${side}.${index}`;
      if (!pattern.ok)
        flaws.push({ field: `${field}.pattern`, what: "is not a pattern here", expected: pattern.error });
      const replacement = pattern.ok ? readReplacement(transform.with, pattern.value.groups) : pattern;
      if (pattern.ok && !replacement.ok) {
        flaws.push({ field: `${field}.with`, what: "is not a replacement here", expected: replacement.error });
      }
    }
  }
  return flaws;
}
