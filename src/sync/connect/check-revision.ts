import { useKey } from "./prove.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { ConnectionRevision, RevisionSite } from "../../model/connection-revisions.ts";
import type { Capability, Probe } from "../../model/connections.ts";
import { ALWAYS_ON, isOfSite } from "../../rules/connections.ts";
import { judgeRevision } from "../../rules/revisions.ts";
import { type CredentialAccess, SourceFailure } from "../../sources/source.ts";
import { findOpenRevision, saveRevisionCheck, saveRevisionState } from "../../store/connection-revisions.ts";
import { findConnection, type OwnedConnection } from "../../store/connections.ts";
import {
  listCredentials,
  listRevisionCredentials,
  type RevisionCredential,
  saveCredentialSeen,
  type StoredCredential,
} from "../../store/credentials.ts";
import { listSitesOfConnection, type SiteOfConnection } from "../../store/sites.ts";
import type { ConnectActor, ConnectRefusal } from "./actor.ts";
import { isCovered } from "./credentials/loss.ts";
import type { ConnectParts } from "./parts.ts";
import { openSite, probeCapability } from "./probe.ts";
import { findTypedSite } from "./revision-sites.ts";
import { servedListings } from "./served-listings.ts";

export type CheckRevisionRefusal = ConnectRefusal<
  "no-such-connection" | "no-pending-revision" | "consent-needed" | "nothing-to-check"
>;

/** A connection as it would be with its revision: its credentials, and the sites that it goes on reading. */
interface Prospect {
  connection: OwnedConnection;
  revision: ConnectionRevision;
  capabilities: readonly Capability[];
  credentials: StoredCredential[];
  entered: RevisionCredential[];
  sites: SiteOfConnection[];
}

/**
 * Tries the pending revision for real: its capabilities, with its credentials, on its sites. Nothing of the running
 * connection changes by it. What was changed while it was tried has to be tried again.
 */
export async function checkRevision(
  parts: ConnectParts,
  actor: ConnectActor,
  connectionId: string,
  signal: AbortSignal,
): Promise<Result<ConnectionRevision, CheckRevisionRefusal>> {
  const prospect = await prospectOf(parts, connectionId);
  if (!prospect.ok) return prospect;
  const { revision, capabilities, sites } = prospect.value;
  await parts.db.transaction((tx) => saveRevisionState(tx, revision, "validating"));
  let seen: RevisionSite[];
  try {
    seen = await trySites(parts, prospect.value, signal);
  } catch (thrown) {
    // Nothing was found out; who waits for the check shall not see it go on for ever.
    await parts.db.transaction((tx) => saveRevisionState(tx, revision, "pending"));
    throw thrown;
  }
  const before = {
    capabilities: prospect.value.connection.capabilities,
    probesBySiteId: new Map(sites.map((each) => [each.id, each.probes])),
  };
  const judged = judgeRevision(seen, before, capabilities);
  await parts.db.transaction(async (tx) => {
    const checked = { sites: seen, ...judged };
    const isSaved = await saveRevisionCheck(tx, revision, checked, parts.clock.now());
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "connection.revision-checked",
      subjectId: connectionId,
      detail: {
        revisionId: revision.id,
        revision: revision.revision,
        wasChangedMeanwhile: !isSaved,
        blocking: judged.blocking.map(({ name, capability }) => ({ name, capability })),
        warnings: judged.warnings.map(({ name, capability }) => ({ name, capability })),
      },
    });
  });
  const now = await findOpenRevision(parts.db, connectionId);
  if (now) return ok(now);
  return refuse({ code: "no-pending-revision", detail: "The revision was applied or discarded while it was checked." });
}

async function prospectOf(parts: ConnectParts, connectionId: string): Promise<Result<Prospect, CheckRevisionRefusal>> {
  const connection = await findConnection(parts.db, connectionId);
  if (!connection) return refuse({ code: "no-such-connection", detail: "There is no such connection." });
  const revision = await findOpenRevision(parts.db, connectionId);
  if (!revision) return refuse({ code: "no-pending-revision", detail: "No change of the connection is waiting." });
  const entered = await listRevisionCredentials(parts.db, revision.id);
  const unauthorized = entered.filter((each) => !each.isAuthorized).map((each) => `"${each.label}"`);
  if (unauthorized.length > 0) {
    const detail =
      `The revision waits for a consent to ${unauthorized.join(" and ")}. ` +
      `Authorize it (usher connection authorize); the grant in use goes on until the revision is applied.`;
    return refuse({ code: "consent-needed", detail });
  }
  const { change } = revision;
  const replaced = entered.map((each) => each.replacesId);
  const inUse = (await listCredentials(parts.db, connectionId)).filter(
    ({ id, isAuthorized }) => isAuthorized && !replaced.includes(id) && !change.removeCredentials?.includes(id),
  );
  const own = await listSitesOfConnection(parts.db, connectionId);
  const sites = own.filter((each) => !change.removeSites?.includes(each.id));
  if (sites.length === 0 && !change.addSites?.length) {
    return refuse({
      code: "nothing-to-check",
      detail: "The connection would have no site left. Add one, or keep one.",
    });
  }
  const capabilities = change.capabilities ?? connection.capabilities;
  return ok({ connection, revision, capabilities, credentials: [...inUse, ...entered], entered, sites });
}

async function trySites(parts: ConnectParts, prospect: Prospect, signal: AbortSignal): Promise<RevisionSite[]> {
  const { connection, revision, credentials, entered, sites } = prospect;
  const accesses = credentials.map((each) => ({ stored: each, access: parts.keeper.open(each, connection.source) }));
  const seen: RevisionSite[] = [];
  const covered = new Map<string, Set<string>>();
  for (const site of sites) {
    const own = accesses.filter(({ stored }) => isCovered(stored, site.sourceKey));
    const target = { siteId: site.id, typed: null, ...site };
    seen.push(await trySite(parts, prospect, target, own, covered, signal));
  }
  for (const typed of revision.change.addSites ?? []) {
    const found = await findTypedSite(parts, connection, typed, accesses, signal);
    if (!found.ok) {
      seen.push({
        siteId: null,
        sourceKey: null,
        baseUrl: typed,
        name: typed,
        typed,
        probes: [found.error],
        servedBy: [],
      });
      continue;
    }
    // Joined already meanwhile, or typed twice in two ways: once is enough.
    if (seen.some((each) => each.sourceKey === found.value.site.sourceKey)) continue;
    const target = { siteId: null, typed, organizationId: null, ...found.value.site };
    seen.push(await trySite(parts, prospect, target, found.value.accesses, covered, signal));
  }
  await parts.db.transaction(async (tx) => {
    for (const { id, kind, coveredSites } of entered) {
      const keys = covered.get(id);
      if (!keys || !isOfSite(kind) || kind === "oauth") continue;
      const all = [...new Set([...(coveredSites ?? []), ...keys])].sort();
      await saveCredentialSeen(tx, id, { coveredSites: all, sourceAccountId: null, at: parts.clock.now() });
    }
  });
  return seen;
}

interface Opened {
  stored: StoredCredential;
  access: CredentialAccess;
}

async function trySite(
  parts: ConnectParts,
  { connection, capabilities, entered }: Prospect,
  target: Pick<RevisionSite, "siteId" | "typed" | "baseUrl" | "name"> & {
    sourceKey: string;
    organizationId: string | null;
  },
  accesses: readonly Opened[],
  covered: Map<string, Set<string>>,
  signal: AbortSignal,
): Promise<RevisionSite> {
  const told = accesses.find(({ stored }) => stored.organizationId !== null)?.stored.organizationId ?? null;
  const site = { ...target, organizationId: target.organizationId ?? told };
  const probes: Probe[] = [];
  for (const each of accesses.filter(({ stored }) => entered.some(({ id }) => id === stored.id))) {
    const probe = await tryCredential(parts, connection, site, each, accesses, signal);
    if (probe.outcome === "passed")
      covered.set(each.stored.id, (covered.get(each.stored.id) ?? new Set()).add(site.sourceKey));
    probes.push(probe);
  }
  const credentials = accesses.map(({ access }) => access);
  const opened = await openSite(parts, connection, site, credentials, signal);
  try {
    for (const capability of capabilities)
      probes.push(...(await probeCapability(parts, opened.source, capability, signal)));
    const { siteId, typed, sourceKey, baseUrl, name } = site;
    const servedBy = servedListings(opened.source.abilities);
    return { siteId, typed, sourceKey, baseUrl, name, probes, servedBy };
  } finally {
    opened.source.close();
  }
}

/** A credential that is entered is tried alone: with the others beside it, what it cannot do would go unnoticed. */
async function tryCredential(
  parts: ConnectParts,
  connection: OwnedConnection,
  site: { sourceKey: string; baseUrl: string; organizationId: string | null },
  { stored, access }: Opened,
  others: readonly Opened[],
  signal: AbortSignal,
): Promise<Probe> {
  const checkedAt = parts.clock.now();
  const isKey = !isOfSite(stored.kind);
  const besides = isKey ? others.filter((each) => each.stored.kind !== stored.kind) : [];
  const used = [...besides.map((each) => each.access), access];
  const { source, failure } = await openSite(parts, connection, site, used, signal);
  const refused = isKey ? await useKey(source, stored.kind, signal).then(() => null, failureOf) : failure;
  source.close();
  return {
    name: `Credential "${stored.label}"`,
    capability: stored.kind === "scim-key" ? "reclaim" : isKey ? "activity" : ALWAYS_ON,
    outcome: refused ? "failed" : "passed",
    detail: refused?.publicMessage ?? "The source accepts it.",
    fix: refused?.fix ?? null,
    tookMs: parts.clock.now().getTime() - checkedAt.getTime(),
    checkedAt,
  };
}

function failureOf(thrown: unknown): SourceFailure {
  if (thrown instanceof SourceFailure) return thrown;
  throw thrown;
}
