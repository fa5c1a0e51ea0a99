import { isInService } from "../../rules/connections.ts";
import { type ReachableSite, SourceFailure, type TokenPair } from "../../sources/source.ts";
import { findOpenRevision, uncheckRevision } from "../../store/connection-revisions.ts";
import { findConnection, lockConnection, type OwnedConnection } from "../../store/connections.ts";
import {
  findSealedCredential,
  listRevisionCredentials,
  lockCredential,
  saveCredentialSeen,
  saveGrant,
  type SealedCredential,
  secretPlace,
} from "../../store/credentials.ts";
import type { Tx } from "../../store/database.ts";
import {
  type AuthorizationOutcome,
  findAttemptOfState,
  type OAuthAttempt,
  saveAttemptOutcome,
  useOAuthAttempt,
} from "../../store/oauth-attempts.ts";
import { listSitesOfConnection, saveSiteHealth } from "../../store/sites.ts";
import { listWantedSites, removeWantedSite, saveWantedSite } from "../../store/wanted-sites.ts";
import { endConsentLink, saveConsentProblem } from "../../store/consent-links.ts";
import type { ConnectActor } from "./actor.ts";
import { type AuthorizationOrigin, hashState } from "./authorization.ts";
import { unsavedAccess } from "./credentials/credential-access.ts";
import { type ConnectParts, sourceOf } from "./parts.ts";
import { sealGrant } from "./credentials/refresh.ts";
import { isMeant, joinReached, listSitesOf } from "./sites.ts";

/** How the browser came back. Whatever is missing or wrong is told in words. */
export interface CallbackRequest {
  state: string | null;
  code: string | null;
  error: string | null;
  errorDescription: string | null;
}

export interface CallbackAnswer {
  outcome: AuthorizationOutcome | "state-refused";
  /** For the person in front of the browser. */
  message: string;
  /** The sites that the grant covers. */
  sites: { sourceKey: string; name: string; baseUrl: string }[];
  /** Where the consent was begun; null where its state counts for nothing. */
  origin: (AuthorizationOrigin & { attemptId: string; connectionId: string }) | null;
}

/** The state is the proof: it was given to one person, counts once, and for ten minutes. */
export async function finishAuthorization(
  parts: ConnectParts,
  request: CallbackRequest,
  signal: AbortSignal,
): Promise<CallbackAnswer> {
  const stateHash = hashState(request.state ?? "");
  const attempt = await parts.db.transaction((tx) => useOAuthAttempt(tx, stateHash, parts.clock.now()));
  if (!attempt)
    return { outcome: "state-refused", message: await whyRefused(parts, stateHash), sites: [], origin: null };

  const answer = await workOff(parts, attempt, request, signal).catch((thrown: unknown) => {
    // The state has counted by now: whoever waits for what became of the link must hear of it.
    if (!signal.aborted) throw thrown;
    return failed("The source did not answer in time, so nothing was saved. Start again.");
  });
  const sites = answer.sites.map(({ sourceKey, name, baseUrl }) => ({ sourceKey, name, baseUrl }));
  const { consentLinkId } = attempt;
  await parts.db.transaction(async (tx) => {
    await saveAttemptOutcome(tx, attempt.id, { ...answer, sites });
    const { credentialId, connectionId } = attempt;
    const detail = { connectionId, attemptId: attempt.id, outcome: answer.outcome };
    tx.record({
      actorId: attempt.operatorId,
      through: consentLinkId === null ? "api" : "link",
      entry: "authorization.ended",
      subjectId: credentialId,
      detail,
    });
    if (consentLinkId !== null) await settleConsentLink(tx, consentLinkId, answer, parts.clock.now());
  });
  const { id: attemptId, connectionId, returnTo } = attempt;
  return { ...answer, sites, origin: { attemptId, connectionId, returnTo, consentLinkId } };
}

type Worked = { outcome: AuthorizationOutcome; message: string; sites: ReachableSite[] };

async function workOff(
  parts: ConnectParts,
  attempt: OAuthAttempt,
  request: CallbackRequest,
  signal: AbortSignal,
): Promise<Worked> {
  if (request.error === "access_denied") {
    const message = "The consent was declined, so nothing was changed. Start again when you want to grant it.";
    return { outcome: "declined", message, sites: [] };
  }
  if (request.error !== null || request.code === null) {
    const told = [request.error, request.errorDescription].filter((each) => each !== null).join(": ");
    return failed(`The source sent no code${told ? ` (${told.slice(0, 300)})` : ""}. Start again.`);
  }
  const connection = await findConnection(parts.db, attempt.connectionId);
  const credential = await findSealedCredential(parts.db, attempt.credentialId);
  if (!connection || !credential || connection.state === "archived") {
    return failed("The connection or its OAuth app was removed meanwhile, so nothing was saved.");
  }
  const source = sourceOf(parts, connection.source);
  if (!source.authorizer) throw new Error(`Credential ${credential.id} is of a source without OAuth.`);
  let pair: TokenPair;
  try {
    const client = { clientId: credential.clientId ?? "", clientSecret: openSecret(parts, credential) };
    const { redirectUrl } = attempt;
    pair = await source.authorizer.exchange({ ...client, code: request.code, redirectUrl }, signal);
  } catch (thrown) {
    if (!(thrown instanceof SourceFailure)) throw thrown;
    return failed(`${thrown.publicMessage} ${thrown.fix}`);
  }
  const granted = unsavedAccess({ id: credential.id, kind: "oauth", accountEmail: null, secret: pair.accessToken });
  const sites = await listSitesOf(source, { ...granted, scopes: pair.scopes }, null, signal);
  if (sites instanceof SourceFailure) return failed(`${sites.publicMessage} ${sites.fix}`);
  return saveConsent(parts, attempt, pair, sites);
}

function openSecret(parts: ConnectParts, credential: SealedCredential): string {
  return parts.secrets.open(secretPlace(credential.id, "secret"), credential.secret ?? "");
}

/** Saves the grant and joins the sites that were waiting for it. A grant that would cost a running connection a site is not taken. */
async function saveConsent(
  parts: ConnectParts,
  attempt: OAuthAttempt,
  pair: TokenPair,
  sites: ReachableSite[],
): Promise<Worked> {
  const through = attempt.consentLinkId === null ? "api" : "link";
  const actor: ConnectActor = { operatorId: attempt.operatorId, through };
  const worked = await parts.db.transaction(async (tx): Promise<Worked> => {
    const connection = await lockConnection(tx, attempt.connectionId);
    const credential = await lockCredential(tx, attempt.credentialId);
    if (!connection || !credential || connection.state === "archived") {
      return failed("The connection or its OAuth app was removed meanwhile, so nothing was saved.");
    }
    const lost = await sitesThatWouldBeLost(tx, connection, credential, sites);
    if (lost.length > 0) {
      const message =
        `The consent does not cover ${lost.join(" and ")}, which the connection reads by this grant, so it was not taken ` +
        `and what was there stays. It covers ${namesOf(sites)}. Start again and choose every site.`;
      return { outcome: "site-not-covered", message, sites };
    }

    const at = parts.clock.now();
    await saveGrant(tx, credential.id, credential.version, sealGrant(parts, credential.id, pair, null), at);
    const coveredSites = sites.map((each) => each.sourceKey).sort();
    await saveCredentialSeen(tx, credential.id, { coveredSites, sourceAccountId: null, at });
    const revision = await findOpenRevision(tx, connection.id);
    const waiting = revision ? await listRevisionCredentials(tx, revision.id) : [];
    // The consent is the pending revision's: nothing of the running connection changes by it.
    const isPending = waiting.some((each) => each.id === credential.id);
    const missing = isPending ? [] : await joinWanted(tx, parts, actor, connection, sites);
    if (isPending) await uncheckRevision(tx, connection.id);
    else await tellSites(tx, connection.id, coveredSites);
    const detail = { connectionId: connection.id, kind: credential.kind, scopes: pair.scopes, coveredSites };
    tx.record({
      actorId: actor.operatorId,
      through: actor.through,
      entry: "credential.authorized",
      subjectId: credential.id,
      detail,
    });
    if (missing.length > 0) {
      const message =
        `The consent was given, but does not cover ${missing.map((each) => `"${each}"`).join(" and ")}: it covers ` +
        `${namesOf(sites)}. Start again and choose the site, or choose one of these instead.`;
      return { outcome: "site-not-covered", message, sites };
    }
    return {
      outcome: "authorized",
      message:
        `The consent was given. It covers ${namesOf(sites)}.${withheld(attempt, pair)}` +
        (isPending ? " The pending revision can be checked now; the grant in use stays until it is applied." : ""),
      sites,
    };
  });
  parts.keeper.forget(attempt.credentialId);
  return worked;
}

/** Joins what was wanted and is covered; answers what was typed of the rest. */
async function joinWanted(
  tx: Tx,
  parts: ConnectParts,
  actor: ConnectActor,
  connection: OwnedConnection,
  sites: readonly ReachableSite[],
): Promise<string[]> {
  const wanted = await listWantedSites(tx, connection.id);
  const own = await listSitesOfConnection(tx, connection.id);
  const [only] = sites;
  // Nothing was asked for and there is but one: that is the one.
  if (wanted.length === 0 && own.length === 0 && only && sites.length === 1) {
    await joinReached(tx, parts, actor, connection, only);
  }
  const missing: string[] = [];
  for (const { typed } of wanted) {
    const hint = sourceOf(parts, connection.source).understandSite(typed);
    const site = hint.ok ? sites.find((each) => isMeant(hint.value, each)) : undefined;
    if (site) {
      await joinReached(tx, parts, actor, connection, site);
      await removeWantedSite(tx, connection.id, typed);
    } else {
      const problem = `The consent does not cover "${typed}"; it covers ${namesOf(sites)}.`;
      await saveWantedSite(tx, { connectionId: connection.id, typed, problem, at: parts.clock.now() });
      missing.push(typed);
    }
  }
  return missing;
}

/** Sites that a connection in service read by the grant before and that the new one leaves out. */
async function sitesThatWouldBeLost(
  tx: Tx,
  connection: OwnedConnection,
  credential: SealedCredential,
  sites: readonly ReachableSite[],
): Promise<string[]> {
  if (!isInService(connection.state)) return [];
  const own = await listSitesOfConnection(tx, connection.id);
  return own
    .filter((each) => credential.coveredSites?.includes(each.sourceKey))
    .filter((each) => !sites.some((site) => site.sourceKey === each.sourceKey))
    .map((each) => each.name);
}

/** A site that waited for this consent no longer does; how it is, the next check or run says. */
async function tellSites(tx: Tx, connectionId: string, coveredSites: readonly string[]): Promise<void> {
  for (const site of await listSitesOfConnection(tx, connectionId)) {
    if (site.health !== "needs-reauthorization" || !coveredSites.includes(site.sourceKey)) continue;
    await saveSiteHealth(tx, site.id, site.lastSyncedAt === null ? "not-connected" : "connected", null);
  }
}

/** Scopes that were asked for and not given: the app lacks them, or the consent left them out. */
function withheld({ scopes }: OAuthAttempt, pair: TokenPair): string {
  const missing = scopes.filter((each) => each !== "offline_access" && !pair.scopes.includes(each));
  return missing.length === 0 ? "" : ` It does not include ${missing.join(", ")}; the check says what that costs.`;
}

function namesOf(sites: readonly ReachableSite[]): string {
  return sites.length === 0 ? "no site at all" : sites.map((each) => `${each.name} (${each.baseUrl})`).join(", ");
}

async function whyRefused(parts: ConnectParts, stateHash: string): Promise<string> {
  const known = await findAttemptOfState(parts.db, stateHash);
  if (!known)
    return "This link was not made by this installation of Usher, or is not complete. Start again from Usher.";
  if (known.usedAt) return "This link was used before, and each one counts once. Start again from Usher.";
  return "This link is older than ten minutes. Start again from Usher.";
}

/** A link counts until a consent was taken: one that was declined, or left a site out, may be given by it once more. */
async function settleConsentLink(tx: Tx, id: string, { outcome, message }: Worked, at: Date): Promise<void> {
  if (outcome === "authorized") await endConsentLink(tx, id, "used", at);
  else await saveConsentProblem(tx, id, message);
}

function failed(message: string): Worked {
  return { outcome: "failed", message, sites: [] };
}
