import { ok, refuse, type Result } from "../lib/result.ts";
import type {
  Capability,
  ConnectionSettings,
  ConnectionState,
  CredentialKind,
  SourceKind,
} from "../model/connections.ts";

const DAY_MS = 86_400_000;

/** What every connection always reads; the rest is chosen. */
export const ALWAYS_ON: Capability = "roster";

/** On unless chosen otherwise. */
export const DEFAULT_CAPABILITIES: readonly Capability[] = ["roster", "activity", "permissions"];

/** Spaces are not written to, so `provision` is not among them. */
const OFFERED: readonly Capability[] = [...DEFAULT_CAPABILITIES, "reclaim"];

export function defaultSettings(createdAt: Date): ConnectionSettings {
  return {
    analyzeActivitySince: new Date(createdAt.getTime() - 90 * DAY_MS),
    idleAfterDays: 60,
    staleAfterHours: 36,
    safeguardPercentMax: 20,
    safeguardCountMin: 10,
    splitDisplayName: false,
  };
}

export interface CapabilityRefusal {
  code: "capability-not-offered" | "roster-always-on";
  detail: string;
}

/** The capabilities in their usual order and once each, or what is wrong with the choice. */
export function chooseCapabilities(chosen: readonly Capability[]): Result<Capability[], CapabilityRefusal> {
  const notOffered = chosen.filter((each) => !OFFERED.includes(each));
  if (notOffered.length > 0) {
    return refuse({
      code: "capability-not-offered",
      detail:
        `This version of Usher does not change rights on spaces, so ${notOffered.join(" and ")} cannot be chosen. ` +
        `Choose from ${OFFERED.join(", ")}.`,
    });
  }
  if (!chosen.includes(ALWAYS_ON)) {
    return refuse({
      code: "roster-always-on",
      detail: "Everything else rests on the roster, so it is always on. Add roster to the capabilities.",
    });
  }
  return ok(OFFERED.filter((each) => chosen.includes(each)));
}

export type LifeCycleVerb = "publish" | "pause" | "resume" | "archive";

export type LifeCycleRefusal = "archived" | "not-validated" | "already-published" | "not-published" | "not-paused";

/** Where a verb leads from a state: `draft → validated → published ⇄ paused → archived`. A check leads to validated. */
export function nextState(state: ConnectionState, verb: LifeCycleVerb): Result<ConnectionState, LifeCycleRefusal> {
  if (state === "archived") return refuse("archived");
  switch (verb) {
    case "publish":
      if (state === "draft") return refuse("not-validated");
      // A paused connection was published before; going on is `resume`, which asks for no first run.
      return state === "validated" ? ok("published") : refuse("already-published");
    case "pause":
      return state === "published" ? ok("paused") : refuse("not-published");
    case "resume":
      return state === "paused" ? ok("published") : refuse("not-paused");
    case "archive":
      return ok("archived");
  }
}

/** Whether the connection was handed over to the schedule: what changes it then is proved before it counts. */
export function isInService(state: ConnectionState): boolean {
  return state === "published" || state === "paused";
}

/** What was validated is no longer what is there, so it is a draft again. Never so once it is in service. */
export function stateAfterChange(state: ConnectionState): ConnectionState {
  return state === "validated" ? "draft" : state;
}

export interface ScopeNeeds {
  capability: Capability;
  scopes: Partial<Record<CredentialKind, readonly string[]>>;
}

/** Atlassian gives a refresh token only to a grant with this scope. */
export const OFFLINE_SCOPE = "offline_access";

/** Exactly the scopes that these capabilities need from this kind of credential, each once, in a steady order. */
export function scopesOf(
  needs: readonly ScopeNeeds[],
  capabilities: readonly Capability[],
  kind: CredentialKind,
): string[] {
  const scopes = needs
    .filter((each) => capabilities.includes(each.capability))
    .flatMap((each) => each.scopes[kind] ?? []);
  return [...new Set(scopes)].sort();
}

/** What a consent asks for: what the capabilities need, or what the app was given instead, and the refresh token. */
export function consentScopes(
  needs: readonly ScopeNeeds[],
  capabilities: readonly Capability[],
  askedScopes: readonly string[] | null,
): string[] {
  const scopes = askedScopes ?? scopesOf(needs, capabilities, "oauth");
  return [...scopes.filter((each) => each !== OFFLINE_SCOPE), OFFLINE_SCOPE];
}

/** What a source reads with. */
const KINDS_OF_SOURCE: Record<SourceKind, readonly CredentialKind[]> = {
  "confluence-cloud": ["api-token", "scoped-api-token", "oauth", "organization-key", "scim-key"],
  "confluence-data-center": ["personal-access-token", "basic"],
};

/** Keys of an organization or of a directory above the sites reach no site by themselves: they serve beside others. */
export function isOfSite(kind: CredentialKind): boolean {
  return kind !== "organization-key" && kind !== "scim-key";
}

export interface CredentialKindRefusal {
  code: "credential-not-for-source";
  detail: string;
}

/** Null when the source reads with credentials of this kind; else what would be right. */
export function refuseCredentialKind(source: SourceKind, kind: CredentialKind): CredentialKindRefusal | null {
  const kinds = KINDS_OF_SOURCE[source];
  if (kinds.includes(kind)) return null;
  return {
    code: "credential-not-for-source",
    detail: `A connection to ${source} cannot read with a credential whose kind is ${kind}. Enter one of the kind ${kinds.join(" or ")}.`,
  };
}

/**
 * When an API token ends if nobody said so. Atlassian, "Manage API tokens": those made since 2024-12-15 last at most
 * one year, which is also the default. Organization keys tell nothing that could be assumed.
 */
export function assumedExpiry(kind: CredentialKind, enteredAt: Date): Date | null {
  if (kind !== "api-token" && kind !== "scoped-api-token") return null;
  return new Date(enteredAt.getTime() + 365 * DAY_MS);
}
