import { isOfSite } from "../../rules/connections.ts";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { Probe } from "../../model/connections.ts";
import { judgeForecast } from "../../rules/forecast.ts";
import { probeOfProof } from "../../rules/write-proof.ts";
import { judgeExpiry, judgeSite, type SiteVerdict } from "../../rules/connection-health.ts";
import { type SiteSizes, type SiteSource, SourceFailure } from "../../sources/source.ts";
import { findConnection, lockConnection, type OwnedConnection, saveConnection } from "../../store/connections.ts";
import {
  findEnteredOrganization,
  findSealedCredential,
  listCredentials,
  saveCredentialSeen,
  saveCredentialState,
  type StoredCredential,
} from "../../store/credentials.ts";
import { settleSiteEdition } from "../../store/editions/settle.ts";
import {
  findSiteSizes,
  listSitesOfConnection,
  saveProbes,
  saveSiteChecked,
  saveSiteDescription,
  type SavedForecast,
  type SiteOfConnection,
} from "../../store/sites.ts";
import { listWantedSites, saveWantedSite } from "../../store/wanted-sites.ts";
import { findLatestProof } from "../../store/write-proofs.ts";
import { settleSites } from "../../store/connection-jobs.ts";
import type { ConnectActor, ConnectRefusal } from "./actor.ts";
import { isCovered, saveLoss } from "./credentials/loss.ts";
import type { ConnectParts } from "./parts.ts";
import { openSite, type OpenedSite, probeCapability } from "./probe.ts";
import { servedListings } from "./served-listings.ts";
import { addSite } from "./sites.ts";
import { saveVerdict } from "./verdict.ts";

export interface CheckedSite extends SiteVerdict {
  siteId: string;
  name: string;
  probes: Probe[];
  forecast: SavedForecast | null;
}

export interface CheckReport {
  /** The roster was read on at least one site. */
  isValid: boolean;
  sites: CheckedSite[];
}

export type CheckRefusal = ConnectRefusal<"no-such-connection" | "archived" | "nothing-to-check">;

/**
 * Tries each capability on each site for real and saves what it sees as it comes. A draft becomes validated when the
 * roster can be read on at least one site; what else fails is reported and degrades only itself.
 */
export async function checkConnection(
  parts: ConnectParts,
  actor: ConnectActor,
  connectionId: string,
  signal: AbortSignal,
): Promise<Result<CheckReport, CheckRefusal>> {
  const connection = await findConnection(parts.db, connectionId);
  if (!connection) return refuse({ code: "no-such-connection", detail: "There is no such connection." });
  if (connection.state === "archived") {
    return refuse({ code: "archived", detail: "The connection is archived, so there is nothing to check." });
  }
  for (const wanted of await listWantedSites(parts.db, connectionId)) {
    const added = await addSite(parts, actor, connectionId, wanted.typed, signal);
    if (added.ok) continue;
    // A draft takes a site as it was typed; why it cannot be joined is told where it waits.
    const problem = added.error.detail;
    const at = parts.clock.now();
    await parts.db.transaction((tx) => saveWantedSite(tx, { connectionId, typed: wanted.typed, problem, at }));
  }
  const sites = await listSitesOfConnection(parts.db, connectionId);
  if (sites.length === 0) return refuse({ code: "nothing-to-check", detail: await whatIsMissing(parts, connectionId) });

  const before = await findConnection(parts.db, connectionId);
  await identifyAccounts(parts, connection, sites, signal);
  const checked: CheckedSite[] = [];
  for (const site of sites) checked.push(await checkSite(parts, connection, site, signal));
  const isValid = checked.some((each) => each.isUsable);
  await parts.db.transaction(async (tx) => {
    const current = await lockConnection(tx, connectionId);
    // What was changed meanwhile was not checked.
    const isSame = current?.revision === before?.revision;
    if (current?.state === "draft" && isValid && isSame) {
      await saveConnection(tx, { ...current, state: "validated" }, parts.clock.now());
    }
    // What failed with whoever reads it may have passed here, or the other way round.
    if (current?.state === "published") {
      await settleSites(tx, sites, { requestedBy: actor.operatorId, at: parts.clock.now() });
    }
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "connection.checked",
      subjectId: connectionId,
      detail: { isValid, sites: checked.map(({ siteId, isUsable, failed }) => ({ siteId, isUsable, failed })) },
    });
  });
  return ok({ isValid, sites: checked });
}

async function checkSite(
  parts: ConnectParts,
  connection: OwnedConnection,
  site: SiteOfConnection,
  signal: AbortSignal,
): Promise<CheckedSite> {
  const credentials = await parts.keeper.openForSite(connection.id, site.sourceKey);
  const organizationId = site.organizationId ?? (await findEnteredOrganization(parts.db, connection.id));
  const opened = await openSite(parts, connection, { ...site, organizationId }, credentials, signal);
  try {
    const { description } = opened;
    if (description) {
      await parts.db.transaction(async (tx) => {
        await saveSiteDescription(tx, site.id, description);
        await settleSiteEdition(tx, site.id, parts.clock.now());
      });
    }
    const probes: Probe[] = [];
    for (const capability of connection.capabilities) {
      const seen = await probeCapability(parts, opened.source, capability, signal);
      const target = { connectionId: connection.id, siteId: site.id, capability };
      await parts.db.transaction((tx) => saveProbes(tx, target, seen));
      probes.push(...seen);
    }
    const judged = judgeSite(connection.capabilities, probes);
    const needsSecret = !judged.isUsable && opened.failure !== null && isRejection(opened.failure);
    const verdict: SiteVerdict = needsSecret ? { ...judged, health: "needs-reauthorization" } : judged;
    // After the verdict: that a credential ends soon says nothing of what works now.
    const expiring = await probeExpiries(parts, connection, site);
    const proof = connection.capabilities.includes("reclaim")
      ? await findLatestProof(parts.db, connection.id, site.id)
      : null;
    const proved = proof && probeOfProof(proof);
    const told = [...probes, ...expiring, ...(proved ? [proved] : [])];
    const forecast = await forecastSite(parts, site, opened);
    const at = parts.clock.now();
    await parts.db.transaction(async (tx) => {
      const target = { connectionId: connection.id, siteId: site.id };
      const servedBy = servedListings(opened.source.abilities);
      await saveSiteChecked(tx, { ...target, probes: told, servedBy, forecast, isValid: verdict.isUsable, at });
      await saveVerdict(tx, connection.id, site.id, verdict, probes);
    });
    const name = description?.name ?? site.name;
    return { ...verdict, siteId: site.id, name, probes: told, forecast };
  } finally {
    opened.source.close();
  }
}

async function probeExpiries(
  parts: ConnectParts,
  connection: OwnedConnection,
  site: SiteOfConnection,
): Promise<Probe[]> {
  const credentials = await listCredentials(parts.db, connection.id);
  return credentials
    .filter((each) => isCovered(each, site.sourceKey))
    .map((each) => judgeExpiry(each, parts.clock.now()))
    .filter((each) => each !== null);
}

/**
 * Whose each credential is, and whether the source accepts it at all: each is used alone, on one site after the other
 * until one answers. It is lost only when none does and one of them says so.
 */
async function identifyAccounts(
  parts: ConnectParts,
  connection: OwnedConnection,
  sites: readonly SiteOfConnection[],
  signal: AbortSignal,
): Promise<void> {
  for (const credential of await listCredentials(parts.db, connection.id)) {
    if (!isOfSite(credential.kind) || !credential.isAuthorized) continue;
    const covered = sites.filter((each) => isCovered(credential, each.sourceKey));
    const seen = await describeWith(parts, connection, credential, covered, signal);
    const at = parts.clock.now();
    await parts.db.transaction(async (tx) => {
      if (!(seen instanceof SourceFailure)) {
        await saveCredentialSeen(tx, credential.id, { coveredSites: null, sourceAccountId: seen, at });
        if (credential.kind !== "oauth") await saveCredentialState(tx, credential.id, "active", at);
      } else if (isRejection(seen)) {
        const stored = await findSealedCredential(tx, credential.id);
        if (stored) await saveLoss(tx, stored, stored.version, seen, at);
      }
    });
  }
}

/** The account behind a credential (null: not told), or why no site answered. */
async function describeWith(
  parts: ConnectParts,
  connection: OwnedConnection,
  credential: StoredCredential,
  sites: readonly SiteOfConnection[],
  signal: AbortSignal,
): Promise<string | null | SourceFailure> {
  let refused: SourceFailure | null = null;
  for (const site of sites) {
    const access = parts.keeper.open(credential, connection.source);
    const { source, description, failure } = await openSite(parts, connection, site, [access], signal);
    source.close();
    if (description) return description.currentAccountId;
    if (failure && (refused === null || isRejection(failure))) refused = failure;
  }
  return refused;
}

function isRejection(failure: SourceFailure): boolean {
  return failure.code === "source.unauthorized" || failure.code === "source.grant-lost";
}

/** What a space holds in each model, on average (TRAPS §1). */
const ROWS_PER_SPACE = { permissions: 120, assignments: 40 };

/** A site of this size stands for one that was never read (PRODUCT §3 gives its points). */
const ASSUMED: Omit<SiteSizes, "roleMode"> = {
  accounts: 10_000,
  groups: 500,
  memberships: 40_000,
  productAccessGroups: 2,
  productAccessMemberships: 10_000,
  spaces: 2_000,
  permissionsPerSpace: ROWS_PER_SPACE.permissions,
  contentItems: 60_000,
  auditRecords: 10_000,
};

async function forecastSite(
  parts: ConnectParts,
  site: SiteOfConnection,
  { source, description }: { source: SiteSource } & Pick<OpenedSite, "description">,
): Promise<SavedForecast> {
  const known = await findSiteSizes(parts.db, site.id);
  const roleMode = description?.roleMode ?? site.roleMode;
  const permissionsPerSpace = known && known.spaces > 0 ? Math.ceil(known.permissionRows / known.spaces) : 0;
  const inBoth = ROWS_PER_SPACE.permissions + ROWS_PER_SPACE.assignments;
  const assumed = roleMode === "transition" ? { ...ASSUMED, permissionsPerSpace: inBoth } : ASSUMED;
  const sizes = known ? { ...known, permissionsPerSpace, roleMode } : { ...assumed, roleMode };
  const { requests, points } = source.forecast(sizes, "full");
  const at = parts.clock.now();
  return { requests, points, basis: known ? "last-sync" : "assumed", verdict: judgeForecast(points, at).words, at };
}

async function whatIsMissing(parts: ConnectParts, connectionId: string): Promise<string> {
  const wanted = await listWantedSites(parts.db, connectionId);
  if (wanted.length === 0)
    return "The connection has no site yet. Add one by its address, or authorize and choose one.";
  return wanted.map((each) => each.problem ?? `No credential can look for "${each.typed}" yet.`).join(" ");
}
