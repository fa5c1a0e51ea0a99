import { ok, refuse, type Result } from "../../lib/result.ts";
import { isInService, stateAfterChange, isOfSite } from "../../rules/connections.ts";
import {
  type CredentialAccess,
  type ReachableSite,
  type SiteHint,
  type Source,
  SourceFailure,
} from "../../sources/source.ts";
import { settleSite } from "../../store/connection-jobs.ts";
import { findConnection, lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import { listCredentials, saveCredentialSeen } from "../../store/credentials.ts";
import type { Tx } from "../../store/database.ts";
import { findSite, joinSite, type ReadCapability } from "../../store/sites.ts";
import { removeWantedSite, saveWantedSite } from "../../store/wanted-sites.ts";
import type { ConnectActor, ConnectRefusal } from "./actor.ts";
import { proveRoster } from "./probe.ts";
import { sourceOf, type ConnectParts } from "./parts.ts";

export interface SiteAdded {
  /** Null while no credential reaches the site: it is joined as soon as one does. */
  siteId: string | null;
  /** Another connection reached the site already; this one became a further way to it. */
  wasKnown: boolean;
  /** What is read of the site, and by which connection. */
  readBy: ReadCapability[];
  /** Why it waits; null when it was joined. */
  problem: string | null;
  /** What the credentials do reach, to choose from. */
  reachable: ReachableSite[];
}

export type AddSiteRefusal = ConnectRefusal<
  "no-such-connection" | "archived" | "site-not-understood" | "site-not-reached" | "site-not-proved"
>;

/**
 * Adds a site by whatever was typed. Before any credential reaches it, a connection that is not in service keeps it as
 * wanted; one in service takes it only once its roster was read for real.
 */
export async function addSite(
  parts: ConnectParts,
  actor: ConnectActor,
  connectionId: string,
  typed: string,
  signal: AbortSignal,
): Promise<Result<SiteAdded, AddSiteRefusal>> {
  const connection = await findConnection(parts.db, connectionId);
  if (!connection) return refuse({ code: "no-such-connection", detail: "There is no such connection." });
  if (connection.state === "archived") return refuse(archived());
  const hint = sourceOf(parts, connection.source).understandSite(typed);
  if (!hint.ok) return refuse({ code: "site-not-understood", detail: hint.error.message });

  const reach = await reachSites(parts, connection, hint.value, signal);
  const site = reach.sites.find((each) => isMeant(hint.value, each));
  if (!site) {
    const problem = whyNotReached(typed, reach);
    if (isInService(connection.state)) return refuse({ code: "site-not-reached", detail: problem });
    const at = parts.clock.now();
    await parts.db.transaction(async (tx) => {
      await saveWantedSite(tx, { connectionId, typed, problem: reach.wasAsked ? problem : null, at });
      tx.record(entry(actor, "connection.site-wanted", connectionId, { personal: { typed } }));
    });
    return ok({ siteId: null, wasKnown: false, readBy: [], problem, reachable: reach.sites });
  }

  if (isInService(connection.state)) {
    const credentials = [...reach.credentials, ...reach.organizationKeys];
    const unproved = await proveRoster(parts, connection, site, credentials, signal);
    if (unproved) return refuse({ code: "site-not-proved", detail: unproved });
  }
  return parts.db.transaction(async (tx) => {
    const current = await lockConnection(tx, connectionId);
    if (!current || current.state === "archived") return refuse(archived());
    const joined = await joinReached(tx, parts, actor, current, site);
    await removeWantedSite(tx, connectionId, typed);
    for (const credential of reach.credentials) {
      const reachesIt = reach.sitesByCredential.get(credential.id) ?? [];
      await saveCoverage(tx, parts, connectionId, credential.id, reachesIt);
    }
    if (joined.isJoined)
      await saveConnection(tx, { ...current, state: stateAfterChange(current.state) }, parts.clock.now());
    const readBy = (await findSite(tx, joined.siteId))?.readBy ?? [];
    return ok({ siteId: joined.siteId, wasKnown: !joined.isNew, readBy, problem: null, reachable: reach.sites });
  });
}

/** Makes a site the connection's; one in service gets its jobs and its first run at once. */
export async function joinReached(
  tx: Tx,
  parts: Pick<ConnectParts, "clock">,
  actor: ConnectActor,
  connection: OwnedConnection,
  site: ReachableSite,
): Promise<{ siteId: string; isNew: boolean; isJoined: boolean }> {
  const at = parts.clock.now();
  const { sourceKey, baseUrl, name } = site;
  const join = { connectionId: connection.id, source: connection.source, sourceKey, baseUrl, name, at };
  const joined = await joinSite(tx, join);
  if (joined.isJoined) {
    const detail = { siteId: joined.siteId, isNew: joined.isNew };
    tx.record(entry(actor, "connection.site-added", connection.id, { detail }));
    if (isInService(connection.state)) {
      const requestedBy = actor.operatorId;
      await settleSite(tx, { siteId: joined.siteId, name, requestedBy, at });
    }
  }
  return joined;
}

export interface Reach {
  /** Every site that some credential reaches, once each. */
  sites: ReachableSite[];
  sitesByCredential: Map<string, ReachableSite[]>;
  /** Credentials that reach at least one site; keys of an organization reach none by themselves. */
  credentials: CredentialAccess[];
  organizationKeys: CredentialAccess[];
  /** False: there was no credential to ask with. */
  wasAsked: boolean;
  failures: SourceFailure[];
}

/** Asks each credential which sites it reaches; what one of them fails at costs only its own sites. */
export async function reachSites(
  parts: ConnectParts,
  connection: OwnedConnection,
  hint: SiteHint | null,
  signal: AbortSignal,
): Promise<Reach> {
  const source = sourceOf(parts, connection.source);
  const stored = (await listCredentials(parts.db, connection.id)).filter((each) => each.isAuthorized);
  const all = stored.map((each) => parts.keeper.open(each, connection.source));
  const asked = all.filter((each) => isOfSite(each.kind));
  const reach: Reach = {
    sites: [],
    sitesByCredential: new Map(),
    credentials: [],
    organizationKeys: all.filter((each) => !isOfSite(each.kind)),
    wasAsked: asked.length > 0,
    failures: [],
  };
  for (const credential of asked) {
    const seen = await listSitesOf(source, credential, hint, signal);
    if (seen instanceof SourceFailure) {
      reach.failures.push(seen);
      continue;
    }
    reach.sitesByCredential.set(credential.id, seen);
    if (seen.length > 0) reach.credentials.push(credential);
    for (const site of seen) {
      if (!reach.sites.some((each) => each.sourceKey === site.sourceKey)) reach.sites.push(site);
    }
  }
  return reach;
}

export async function listSitesOf(
  source: Source,
  credential: CredentialAccess,
  hint: SiteHint | null,
  signal: AbortSignal,
): Promise<ReachableSite[] | SourceFailure> {
  try {
    return await source.listSites(credential, hint, signal);
  } catch (thrown) {
    if (thrown instanceof SourceFailure) return thrown;
    throw thrown;
  }
}

/**
 * An OAuth grant tells all of its sites at once. An API token does not: where nothing is known of it, it goes on being
 * tried on every site, and what is known only grows.
 */
async function saveCoverage(
  tx: Tx,
  parts: ConnectParts,
  connectionId: string,
  credentialId: string,
  sites: readonly ReachableSite[],
): Promise<void> {
  const stored = (await listCredentials(tx, connectionId)).find((each) => each.id === credentialId);
  const known = stored?.coveredSites ?? null;
  if (stored?.kind !== "oauth" && known === null) return;
  const keys = sites.map((each) => each.sourceKey);
  const coveredSites = [...new Set(stored?.kind === "oauth" ? keys : [...(known ?? []), ...keys])].sort();
  await saveCredentialSeen(tx, credentialId, { coveredSites, sourceAccountId: null, at: parts.clock.now() });
}

/** Whether what was typed means this site. Something known of both decides; a name alone is compared with the host's. */
export function isMeant(hint: SiteHint, site: ReachableSite): boolean {
  if (hint.cloudId !== null) return hint.cloudId === site.sourceKey;
  if (hint.baseUrl !== null && addressOf(hint.baseUrl) === addressOf(site.baseUrl)) return true;
  if (hint.siteName === null) return false;
  const host = URL.parse(site.baseUrl)?.hostname ?? "";
  return host.split(".")[0] === hint.siteName || site.name.toLowerCase() === hint.siteName.toLowerCase();
}

/** Host and path without the product's own part, so that `https://acme.atlassian.net/wiki/` is `acme.atlassian.net`. */
function addressOf(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return url;
  return `${parsed.host}${parsed.pathname}`
    .toLowerCase()
    .replace(/\/+$/, "")
    .replace(/\/wiki$/, "");
}

function whyNotReached(typed: string, reach: Reach): string {
  if (!reach.wasAsked) return `No credential can look for "${typed}" yet. Enter one, or authorize the OAuth app.`;
  const told = reach.failures.map((each) => `${each.publicMessage} ${each.fix}`).join(" ");
  if (reach.sites.length === 0) return told || `None of the credentials reaches "${typed}" or any other site.`;
  const names = reach.sites.map((each) => `${each.name} (${each.baseUrl})`).join(", ");
  return `None of the credentials reaches "${typed}"; they reach ${names}. ${told}`.trim();
}

function archived(): ConnectRefusal<"archived"> {
  return { code: "archived", detail: "The connection is archived; make a new one, started from this one." };
}

function entry(
  actor: ConnectActor,
  name: string,
  subjectId: string,
  more: { detail?: Record<string, unknown>; personal?: Record<string, unknown> } = {},
) {
  return { actorId: actor.operatorId, through: actor.through, entry: name, subjectId, ...more };
}
