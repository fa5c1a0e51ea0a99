import type { RevisionChange, RevisionCheck, RevisionProbe, RevisionSite } from "../model/connection-revisions.ts";
import type { Capability, ConnectionSettings, Credential, Probe } from "../model/connections.ts";
import { isProved } from "./connection-health.ts";
import { ALWAYS_ON, type ScopeNeeds, scopesOf, isOfSite } from "./connections.ts";

interface Running {
  capabilities: readonly Capability[];
  settings: ConnectionSettings;
}

/** The change without what the running connection is already; empty when nothing would change. */
export function onlyWhatDiffers(running: Running, change: RevisionChange): RevisionChange {
  const entries = Object.entries(change.settings ?? {}).filter(
    ([field, value]) =>
      value !== undefined && valueOf(value) !== valueOf(running.settings[field as keyof ConnectionSettings]),
  );
  const capabilities = change.capabilities && !isSameSet(change.capabilities, running.capabilities);
  return {
    ...(capabilities ? { capabilities: change.capabilities } : {}),
    ...(entries.length > 0 ? { settings: Object.fromEntries(entries) as Partial<ConnectionSettings> } : {}),
    ...listOf("addSites", change.addSites),
    ...listOf("removeSites", change.removeSites),
    ...listOf("removeCredentials", change.removeCredentials),
  };
}

function listOf<Field extends string>(
  field: Field,
  list: readonly string[] | undefined,
): Record<Field, string[]> | object {
  return list && list.length > 0 ? { [field]: [...new Set(list)] } : {};
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}

type Value = string | number | boolean;

function valueOf(value: Date | Value): Value {
  return value instanceof Date ? value.toISOString() : value;
}

/** One field that would change: null before is new, null after goes. */
export interface Difference {
  field: string;
  before: Value | string[] | null;
  after: Value | string[] | null;
}

interface Named {
  id: string;
  name: string;
}

/** What would change, field by field. Sites and credentials by their names. */
export function differencesOf(
  running: Running,
  change: RevisionChange,
  parts: {
    sites: readonly Named[];
    credentials: readonly Named[];
    entered: readonly (Named & { replacesId: string | null })[];
  },
): Difference[] {
  const nameIn = (list: readonly Named[], id: string | null) => list.find((each) => each.id === id)?.name ?? id;
  const settings = Object.entries(change.settings ?? {}) as [keyof ConnectionSettings, Date | Value][];
  return [
    ...(change.capabilities
      ? [{ field: "capabilities", before: [...running.capabilities], after: change.capabilities }]
      : []),
    ...settings.map(([field, value]) => ({
      field: `settings.${field}`,
      before: valueOf(running.settings[field]),
      after: valueOf(value),
    })),
    ...(change.addSites ?? []).map((typed) => ({ field: "site", before: null, after: typed })),
    ...(change.removeSites ?? []).map((id) => ({ field: "site", before: nameIn(parts.sites, id), after: null })),
    ...parts.entered.map(({ name, replacesId }) => ({
      field: "credential",
      before: replacesId === null ? null : nameIn(parts.credentials, replacesId),
      after: replacesId === null ? name : `${name} (new)`,
    })),
    ...(change.removeCredentials ?? []).map((id) => ({
      field: "credential",
      before: nameIn(parts.credentials, id),
      after: null,
    })),
  ];
}

/**
 * Which OAuth grants in use need a new consent before these capabilities can be added: each that lacks a scope, unless a
 * token beside them, whose rights are its account's, reads the site as well.
 */
export function grantsToConsent<
  Grant extends Pick<Credential, "id" | "kind" | "scopes"> & { askedScopes: string[] | null; isAuthorized: boolean },
>(credentials: readonly Grant[], needs: readonly ScopeNeeds[], added: readonly Capability[]): Grant[] {
  const ofSite = credentials.filter((each) => isOfSite(each.kind));
  if (added.length === 0 || ofSite.some((each) => each.kind !== "oauth")) return [];
  const needed = scopesOf(needs, added, "oauth");
  return ofSite.filter(
    // An app that was given scopes of its own asks for nothing else, whatever is switched on.
    ({ scopes, askedScopes, isAuthorized }) =>
      isAuthorized && askedScopes === null && needed.some((each) => !(scopes ?? []).includes(each)),
  );
}

/**
 * What a check of a revision says against applying it. Nothing that works today may be lost by it, a site that is added
 * needs its roster, and a capability that is added has to work on one site at least. What failed before as well is no
 * news; what merely works less is a warning, for a person to accept.
 */
export function judgeRevision(
  sites: readonly RevisionSite[],
  before: { capabilities: readonly Capability[]; probesBySiteId: ReadonlyMap<string, readonly Probe[]> },
  capabilities: readonly Capability[],
): Omit<RevisionCheck, "sites"> {
  const blocking: RevisionProbe[] = [];
  const warnings: RevisionProbe[] = [];
  const added = capabilities.filter((each) => !before.capabilities.includes(each));
  const provedSomewhere = (capability: Capability) => sites.some(({ probes }) => isProved(capability, probes));
  for (const { siteId, name: site, probes } of sites) {
    const known = (siteId === null ? null : before.probesBySiteId.get(siteId)) ?? [];
    const earlier = ({ name, capability }: Probe) =>
      known.find((each) => each.name === name && each.capability === capability)?.outcome ?? null;
    for (const probe of probes) {
      const { capability, outcome } = probe;
      const was = earlier(probe);
      if (outcome === "passed" || outcome === was) continue;
      const isOwnLossOnly = siteId === null ? capability !== ALWAYS_ON : added.includes(capability);
      if (outcome === "not-checked") {
        if (was === "passed" || was === "warning") warnings.push({ ...probe, site });
      } else if (outcome === "failed" && !(isOwnLossOnly && provedSomewhere(capability))) {
        blocking.push({ ...probe, site });
      } else {
        warnings.push({ ...probe, site });
      }
    }
  }
  for (const capability of [ALWAYS_ON, ...added]) {
    if (provedSomewhere(capability) || blocking.some((each) => each.capability === capability)) continue;
    const checkedAt = sites[0]?.probes[0]?.checkedAt ?? new Date(0);
    blocking.push({
      site: sites.map((each) => each.name).join(", "),
      name: `Try ${capability}`,
      capability,
      outcome: "failed",
      detail: `Nothing showed that ${capability} works.`,
      fix: "Enter a credential that can read it, then check again.",
      tookMs: 0,
      checkedAt,
    });
  }
  return { blocking, warnings };
}

/** A check says something about the time when it was made; a day later it is made again. */
const CHECK_HOLDS_MS = 24 * 3_600_000;

export function isCheckTooOld(checkedAt: Date, at: Date): boolean {
  return at.getTime() - checkedAt.getTime() > CHECK_HOLDS_MS;
}
