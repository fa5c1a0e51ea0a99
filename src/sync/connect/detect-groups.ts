import { ok, refuse, type Result } from "../../lib/result.ts";
import type { GroupManagement, ProductAccess, ProductAccessDecision } from "../../model/facts.ts";
import { productAccessAfter } from "../../rules/product-access.ts";
import { type ObservedGroup, type SiteSource, SourceFailure } from "../../sources/source.ts";
import { findConnection, type OwnedConnection } from "../../store/connections.ts";
import { findEnteredOrganization } from "../../store/credentials.ts";
import type { Tx } from "../../store/database.ts";
import { ensureGroup, listDecidedGroups } from "../../store/detected-groups.ts";
import { saveProductAccessDecision } from "../../store/product-access.ts";
import { listSitesOfConnection, lockSite, type SiteOfConnection } from "../../store/sites.ts";
import type { ConnectActor, ConnectRefusal } from "./actor.ts";
import type { ConnectParts } from "./parts.ts";
import { openSite } from "./probe.ts";

export interface DetectedGroup {
  sourceId: string;
  name: string;
  managedBy: GroupManagement | null;
  access: ProductAccess[];
  /** Null: they could not be read. */
  members: number | null;
  /** False: counting ended before the members did. */
  isAllCounted: boolean;
  decision: ProductAccessDecision | null;
  reason: string | null;
}

export interface DetectedGroups {
  items: DetectedGroup[];
  /** Why the groups could not be read, and what to do. */
  problem: string | null;
}

export type DetectRefusal = ConnectRefusal<"no-such-connection" | "no-such-site">;

/** A person waits for the counts; what is larger is counted by the first sync. */
const MEMBER_PAGES_MAX = 25;

/** Which groups give a seat on a site, as the source says now. Nothing is saved. */
export async function detectGroups(
  parts: ConnectParts,
  connectionId: string,
  siteId: string,
  signal: AbortSignal,
): Promise<Result<DetectedGroups, DetectRefusal>> {
  const found = await findTarget(parts, connectionId, siteId);
  if (!found.ok) return found;
  const seen = await readGroups(parts, found.value, signal);
  return ok(await withDecisions(parts, siteId, seen));
}

export interface DroppedGroup {
  sourceId: string;
  /** Needed: the seats of its members are then not managed. */
  reason: string;
}

/** Confirms each group that the source names now, but for those that are dropped. */
export async function decideDetectedGroups(
  parts: ConnectParts,
  actor: ConnectActor,
  connectionId: string,
  siteId: string,
  drop: readonly DroppedGroup[],
  signal: AbortSignal,
): Promise<Result<DetectedGroups, DetectRefusal | ConnectRefusal<"archived" | "no-such-group" | "groups-not-read">>> {
  const found = await findTarget(parts, connectionId, siteId);
  if (!found.ok) return found;
  if (found.value.connection.state === "archived") {
    return refuse({ code: "archived", detail: "The connection is archived." });
  }
  const seen = await readGroups(parts, found.value, signal);
  if (seen.problem !== null) return refuse({ code: "groups-not-read", detail: seen.problem });
  const unknown = drop.find(({ sourceId }) => !seen.items.some((each) => each.sourceId === sourceId));
  if (unknown) {
    const detail = `The source names no group ${unknown.sourceId} that gives a seat on this site.`;
    return refuse({ code: "no-such-group", detail });
  }
  await parts.db.transaction(async (tx) => {
    // Two decisions on one site are taken one after the other.
    await lockSite(tx, siteId);
    const decided = new Map((await listDecidedGroups(tx, siteId)).map((each) => [each.sourceId, each]));
    for (const { sourceId } of seen.items) {
      const reason = drop.find((each) => each.sourceId === sourceId)?.reason ?? null;
      const before = decided.get(sourceId);
      const next = productAccessAfter(
        { isFound: true, decision: before?.decision ?? null },
        reason === null ? "confirm" : "drop",
        reason,
      );
      if (!next.ok || (before?.decision === next.value && before.reason === reason)) continue;
      const wasDecided = before?.decision ?? "found";
      await saveDecision(tx, parts, actor, { siteId, sourceId, state: next.value, reason, before: wasDecided });
    }
  });
  return ok(await withDecisions(parts, siteId, seen));
}

async function saveDecision(
  tx: Tx,
  parts: Pick<ConnectParts, "clock">,
  actor: ConnectActor,
  decision: { siteId: string; sourceId: string; state: ProductAccessDecision; reason: string | null; before: string },
): Promise<void> {
  const { siteId, sourceId, state, reason, before } = decision;
  const at = parts.clock.now();
  const groupId = await ensureGroup(tx, siteId, sourceId, at);
  await saveProductAccessDecision(tx, { siteId, groupId, state, reason, decidedBy: actor.operatorId, at });
  tx.record({
    actorId: actor.operatorId,
    through: actor.through,
    entry: `product-access.${state}`,
    subjectId: groupId,
    detail: { siteId, before },
    ...(reason === null ? {} : { personal: { reason } }),
  });
}

interface Target {
  connection: OwnedConnection;
  site: SiteOfConnection;
}

async function findTarget(
  parts: ConnectParts,
  connectionId: string,
  siteId: string,
): Promise<Result<Target, DetectRefusal>> {
  const connection = await findConnection(parts.db, connectionId);
  if (!connection) return refuse({ code: "no-such-connection", detail: "There is no such connection." });
  const site = (await listSitesOfConnection(parts.db, connectionId)).find(({ id }) => id === siteId);
  if (!site) return refuse({ code: "no-such-site", detail: "The connection has no such site." });
  return ok({ connection, site });
}

type SeenGroup = Omit<DetectedGroup, "decision" | "reason">;

async function readGroups(
  parts: ConnectParts,
  { connection, site }: Target,
  signal: AbortSignal,
): Promise<{ items: SeenGroup[]; problem: string | null }> {
  const credentials = await parts.keeper.openForSite(connection.id, site.sourceKey);
  const organizationId = site.organizationId ?? (await findEnteredOrganization(parts.db, connection.id));
  const { source } = await openSite(parts, connection, { ...site, organizationId }, credentials, signal);
  try {
    const groups = new Map<string, SeenGroup>();
    for (const access of ["user", "admin"] as const) {
      for (const group of await readAll(source, access, signal)) addGroup(groups, group, access);
    }
    for (const group of groups.values()) {
      Object.assign(group, await countMembers(source, group.sourceId, signal));
    }
    return { items: [...groups.values()].sort((one, other) => one.name.localeCompare(other.name)), problem: null };
  } catch (thrown) {
    if (!(thrown instanceof SourceFailure)) throw thrown;
    return { items: [], problem: `${thrown.publicMessage} ${thrown.fix}` };
  } finally {
    source.close();
  }
}

function addGroup(groups: Map<string, SeenGroup>, group: ObservedGroup, access: ProductAccess): void {
  const known = groups.get(group.sourceId);
  if (known) {
    known.access.push(access);
    return;
  }
  const { sourceId, name, managedBy } = group;
  groups.set(sourceId, { sourceId, name, managedBy, access: [access], members: null, isAllCounted: false });
}

async function readAll(source: SiteSource, access: ProductAccess, signal: AbortSignal): Promise<ObservedGroup[]> {
  const groups: ObservedGroup[] = [];
  let cursor: string | null = null;
  do {
    const page = await source.readProductAccessGroups(access, cursor, signal);
    groups.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return groups;
}

/** Not being able to count one costs only its number. */
async function countMembers(
  source: SiteSource,
  groupSourceId: string,
  signal: AbortSignal,
): Promise<{ members: number | null; isAllCounted: boolean }> {
  let members = 0;
  let cursor: string | null = null;
  try {
    for (let pages = 0; pages < MEMBER_PAGES_MAX; pages += 1) {
      const page = await source.readMembers(groupSourceId, cursor, { withAccess: false }, signal);
      members += page.rows.length;
      cursor = page.next;
      if (cursor === null) return { members, isAllCounted: true };
    }
    return { members, isAllCounted: false };
  } catch (thrown) {
    if (!(thrown instanceof SourceFailure)) throw thrown;
    return { members: null, isAllCounted: false };
  }
}

async function withDecisions(
  parts: ConnectParts,
  siteId: string,
  { items, problem }: { items: SeenGroup[]; problem: string | null },
): Promise<DetectedGroups> {
  const decided = new Map((await listDecidedGroups(parts.db, siteId)).map((each) => [each.sourceId, each]));
  const told = items.map((group): DetectedGroup => {
    const { decision = null, reason = null } = decided.get(group.sourceId) ?? {};
    return { ...group, decision, reason };
  });
  return { items: told, problem };
}
