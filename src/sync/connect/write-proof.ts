import { randomUUID } from "node:crypto";
import { ok, refuse, type Result } from "../../lib/result.ts";
import type { WriteProof, WriteProofProblem } from "../../model/write-proofs.ts";
import { probeOfProof } from "../../rules/write-proof.ts";
import { type SiteSource, SourceFailure, type SiteWriter } from "../../sources/source.ts";
import { findConnection } from "../../store/connections.ts";
import { findEnteredOrganization } from "../../store/credentials.ts";
import { releaseLease, renewLease, takeLease } from "../../store/leases.ts";
import { findOperator } from "../../store/operators.ts";
import { listSitesOfConnection, saveProbeNamed, type SiteOfConnection } from "../../store/sites.ts";
import {
  endWriteProof,
  findLatestProof,
  insertWriteProof,
  listUnfinishedProofs,
  saveGroupGone,
  saveProofProgress,
} from "../../store/write-proofs.ts";
import type { ConnectActor, ConnectRefusal } from "./actor.ts";
import type { ConnectParts } from "./parts.ts";
import { openSite } from "./probe.ts";
import { cleanUp, type Trial, tryWriting } from "./write-proof-steps.ts";

/** Longer than any one step: 60 s for a request, 30 s to see what it did. */
const LEASE_SECONDS = 180;

export interface WriteProofReport extends WriteProof {
  state: "proved" | "failed";
  finishedAt: Date;
  /** What was found and deleted of earlier proofs, and what may still be left, in words. */
  notes: string[];
}

export type WriteProofRefusal = ConnectRefusal<
  | "no-such-connection"
  | "no-such-site"
  | "archived"
  | "person-needed"
  | "reclaim-is-off"
  | "already-running"
  | "cannot-write"
>;

interface Asked {
  parts: ConnectParts;
  actor: ConnectActor;
  connectionId: string;
  site: SiteOfConnection;
}

/**
 * Proves write access at one site because a person asks for it, on a site that is observed only as well: a temporary
 * group is made, used with the credential's own account, read back at each step, and deleted. What it is about to do is
 * recorded before anything is sent; what an earlier proof left is deleted first.
 */
export async function proveWrites(
  parts: ConnectParts,
  actor: ConnectActor,
  connectionId: string,
  siteId: string,
  signal: AbortSignal,
): Promise<Result<WriteProofReport, WriteProofRefusal>> {
  const connection = await findConnection(parts.db, connectionId);
  if (!connection) return refuse({ code: "no-such-connection", detail: "There is no such connection." });
  if (connection.state === "archived") return refuse({ code: "archived", detail: "The connection is archived." });
  const site = (await listSitesOfConnection(parts.db, connectionId)).find(({ id }) => id === siteId);
  if (!site) return refuse({ code: "no-such-site", detail: "The connection does not reach this site." });
  if (!connection.capabilities.includes("reclaim")) {
    const detail = "The connection may not reclaim. Choose that capability first; nothing else of it writes.";
    return refuse({ code: "reclaim-is-off", detail });
  }
  const operator = await findOperator(parts.db, actor.operatorId);
  if (actor.through === "job" || operator?.kind !== "person") {
    const detail = "Only a person may have a site written to, and be it a group that is deleted at once.";
    return refuse({ code: "person-needed", detail });
  }
  const lease = `write-proof/${siteId}`;
  const holder = randomUUID();
  if (!(await parts.db.transaction((tx) => takeLease(tx, lease, holder, LEASE_SECONDS)))) {
    const detail = "Another proof of this site is under way, or was until a moment ago. Try again in three minutes.";
    return refuse({ code: "already-running", detail });
  }
  try {
    const credentials = await parts.keeper.openForSite(connectionId, site.sourceKey);
    const organizationId = site.organizationId ?? (await findEnteredOrganization(parts.db, connectionId));
    const opened = await openSite(parts, connection, { ...site, organizationId }, credentials, signal);
    try {
      const missing = whyNotProvable(opened.source.writer, opened.description?.currentAccountId ?? null);
      if (missing) return refuse({ code: "cannot-write", detail: opened.failure?.publicMessage ?? missing });
      const renew = async () => {
        await parts.db.transaction((tx) => renewLease(tx, lease, holder, LEASE_SECONDS));
      };
      const account = opened.description?.currentAccountId ?? "";
      return ok(await prove({ parts, actor, connectionId, site }, opened.source, account, renew, signal));
    } finally {
      opened.source.close();
    }
  } finally {
    await parts.db.transaction((tx) => releaseLease(tx, lease, holder));
  }
}

/** Null: everything that a proof does can be asked of the source. */
function whyNotProvable(writer: SiteWriter | undefined, accountSourceId: string | null): string | null {
  if (!writer) return "This kind of source cannot be written to.";
  for (const kind of ["create-group", "add-member", "remove-member", "delete-group"] as const) {
    const missing = writer.abilities[kind];
    if (missing) return `${missing.publicMessage} ${missing.fix}`;
  }
  if (accountSourceId !== null) return null;
  return "A proof needs a credential that has an account of its own: it uses nobody else's. Add one of the site.";
}

async function prove(
  asked: Asked,
  source: SiteSource,
  accountSourceId: string,
  renew: () => Promise<void>,
  signal: AbortSignal,
): Promise<WriteProofReport> {
  const { parts, actor, connectionId, site } = asked;
  const notes = await cleanUpEarlier(asked, source, accountSourceId, signal);
  const proof = await parts.db.transaction(async (tx) => {
    const at = parts.clock.now();
    const made = await insertWriteProof(tx, { connectionId, siteId: site.id, requestedBy: actor.operatorId, at });
    const detail = { siteId: site.id, proofId: made.id, groupName: made.groupName };
    tx.record({ ...by(actor), entry: "connection.write-proof-started", subjectId: connectionId, detail });
    return made;
  });
  const trial = trialOf(asked, source, accountSourceId, proof, renew);
  const problem = await tryWriting(trial, signal).then(
    () => null,
    (thrown: unknown) => problemOf(thrown, signal),
  );
  if (problem !== null) notes.push(...(await cleanUpAfter(trial)));
  const state = problem === null ? ("proved" as const) : ("failed" as const);
  await parts.db.transaction(async (tx) => {
    const at = parts.clock.now();
    await saveProofProgress(tx, proof.id, trial.progress);
    await endWriteProof(tx, proof.id, { state, problem, at });
    const ended = await findLatestProof(tx, connectionId, site.id);
    const probe = ended && probeOfProof(ended);
    if (probe) await saveProbeNamed(tx, { connectionId, siteId: site.id }, probe);
    const { mayBeLeft, steps } = trial.progress;
    const detail = { siteId: site.id, proofId: proof.id, state, problem: problem?.code ?? null, mayBeLeft, steps };
    tx.record({ ...by(actor), entry: "connection.write-proof-ended", subjectId: connectionId, detail });
  });
  return { ...proof, ...trial.progress, state, problem, finishedAt: parts.clock.now(), notes };
}

function trialOf(
  { parts }: Asked,
  source: SiteSource,
  accountSourceId: string,
  proof: WriteProof,
  renew: () => Promise<void> = () => Promise.resolve(),
): Trial {
  const { writer } = source;
  if (!writer) throw new Error("A source without a writer was to be proved.");
  const { groupName, groupSourceId, mayBeLeft, steps } = proof;
  const progress = { steps: [...steps], groupSourceId, mayBeLeft };
  return {
    site: { ...source, writer },
    accountSourceId,
    groupName,
    clock: parts.clock,
    progress,
    async save() {
      await parts.db.transaction((tx) => saveProofProgress(tx, proof.id, progress));
      await renew();
    },
  };
}

/** What proofs left that failed to clean up, or whose process ended; the lease says that none of them still runs. */
async function cleanUpEarlier(
  asked: Asked,
  source: SiteSource,
  accountSourceId: string,
  signal: AbortSignal,
): Promise<string[]> {
  const { parts, actor, site } = asked;
  const notes: string[] = [];
  for (const earlier of await listUnfinishedProofs(parts.db, site.id)) {
    const trial = trialOf(asked, source, accountSourceId, earlier);
    let note: string | null;
    try {
      note = earlier.mayBeLeft ? await cleanUp(trial, signal) : null;
    } catch (thrown) {
      if (!(thrown instanceof SourceFailure)) throw thrown;
      note = `The group "${earlier.groupName}" of an earlier proof may still be there. ${thrown.publicMessage}`;
    }
    if (note) notes.push(`Of an earlier proof: ${note}`);
    await parts.db.transaction(async (tx) => {
      await endWriteProof(tx, earlier.id, { state: "interrupted", problem: null, at: parts.clock.now() });
      if (trial.progress.mayBeLeft) return;
      await saveGroupGone(tx, earlier.id);
      const detail = { siteId: site.id, proofId: earlier.id, groupName: earlier.groupName, wasThere: note !== null };
      const subjectId = earlier.connectionId;
      tx.record({ ...by(actor), entry: "connection.write-proof-cleaned-up", subjectId, detail });
    });
  }
  return notes;
}

/** After a failure; not stopped by whoever stopped the proof, since a group would be left. */
async function cleanUpAfter(trial: Trial): Promise<string[]> {
  const { progress, groupName } = trial;
  if (!progress.mayBeLeft) return [];
  const isUnseen = progress.groupSourceId === null;
  try {
    const note = await cleanUp(trial, new AbortController().signal);
    if (note) return [note];
    // Nobody said that it was made, and it was not seen: it may still turn up.
    progress.mayBeLeft = isUnseen;
    return [];
  } catch (thrown) {
    if (!(thrown instanceof SourceFailure)) throw thrown;
    return [
      `The temporary group "${groupName}" may still be there; the next proof deletes it. ${thrown.publicMessage}`,
    ];
  }
}

/** What is no failure of the source ends the proof as one that was stopped, or is thrown on. */
function problemOf(thrown: unknown, signal: AbortSignal): WriteProofProblem {
  if (thrown instanceof SourceFailure) {
    return { code: thrown.code, reason: thrown.publicMessage, fix: thrown.fix };
  }
  if (!signal.aborted) throw thrown;
  return { code: "source.uncertain", reason: "The proof was stopped on the way.", fix: "Nothing else is needed." };
}

function by({ operatorId, through }: ConnectActor): { actorId: string; through: ConnectActor["through"] } {
  return { actorId: operatorId, through };
}
