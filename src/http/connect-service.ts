import type { Actor } from "../commands/context.ts";
import type { Result } from "../lib/result.ts";
import type { ConnectionRevision } from "../model/connection-revisions.ts";
import type { WriteProof } from "../model/write-proofs.ts";
import type { Capability, CredentialKind, Edition, Health, Probe, Site, SourceKind } from "../model/connections.ts";
import type { GroupManagement, ProductAccess, ProductAccessDecision } from "../model/facts.ts";
import type { ConnectedSite, ReadCapability, SavedForecast } from "../store/sites.ts";

/** A refusal whose words depend on what was asked or seen. */
interface Told<Code extends string> {
  code: Code;
  detail: string;
}

export interface ReachableSite {
  sourceKey: string;
  baseUrl: string;
  name: string;
  scopes: string[];
}

export interface UnderstoodSite {
  source: SourceKind;
  siteName: string | null;
  baseUrl: string | null;
  cloudId: string | null;
  says: string;
  known: ConnectedSite | null;
}

export interface DetectedGroups {
  items: {
    sourceId: string;
    name: string;
    managedBy: GroupManagement | null;
    access: ProductAccess[];
    members: number | null;
    isAllCounted: boolean;
    decision: ProductAccessDecision | null;
    reason: string | null;
  }[];
  problem: string | null;
}

export interface SourceNeeds {
  kind: SourceKind;
  needs: readonly {
    capability: Capability;
    stores: readonly string[];
    scopes: Partial<Record<CredentialKind, readonly string[]>>;
    role: string;
    lacks: Partial<Record<Edition, string>>;
  }[];
}

/** What of connections asks a source and waits for its answer; each saves what it was told. */
export interface ConnectService {
  sources(): SourceNeeds[];
  redirectUrl: string;
  /** What was typed as a site, likeliest meaning first; asks no source. */
  understandTyped(typed: string): Promise<Result<UnderstoodSite[], Told<"site-not-understood">>>;
  startAuthorization(
    actor: Actor,
    connectionId: string,
    credentialId: string,
    capabilities: readonly Capability[],
    origin?: { returnTo: string | null; consentLinkId: string | null },
  ): Promise<
    Result<
      { attemptId: string; url: string; redirectUrl: string; scopes: string[]; expiresAt: Date },
      Told<
        | "no-such-connection"
        | "no-such-credential"
        | "not-oauth"
        | "archived"
        | "capability-not-offered"
        | "roster-always-on"
      >
    >
  >;
  /** The state is the proof, so it asks for no operator. */
  finishAuthorization(
    request: { state: string | null; code: string | null; error: string | null; errorDescription: string | null },
    signal: AbortSignal,
  ): Promise<{
    outcome: "authorized" | "declined" | "site-not-covered" | "failed" | "state-refused";
    message: string;
    sites: { sourceKey: string; name: string; baseUrl: string }[];
    /** Where it was begun; null where the state counts for nothing. */
    origin: { attemptId: string; connectionId: string; returnTo: string | null; consentLinkId: string | null } | null;
  }>;
  listReachableSites(
    connectionId: string,
    signal: AbortSignal,
  ): Promise<Result<{ sites: ReachableSite[]; problems: string[] }, Told<"no-such-connection">>>;
  addSite(
    actor: Actor,
    connectionId: string,
    typed: string,
    signal: AbortSignal,
  ): Promise<
    Result<
      {
        siteId: string | null;
        wasKnown: boolean;
        readBy: ReadCapability[];
        problem: string | null;
        reachable: ReachableSite[];
      },
      Told<"no-such-connection" | "archived" | "site-not-understood" | "site-not-reached" | "site-not-proved">
    >
  >;
  check(
    actor: Actor,
    connectionId: string,
    signal: AbortSignal,
  ): Promise<
    Result<{ isValid: boolean; sites: CheckedSite[] }, Told<"no-such-connection" | "archived" | "nothing-to-check">>
  >;
  detectGroups(
    connectionId: string,
    siteId: string,
    signal: AbortSignal,
  ): Promise<Result<DetectedGroups, Told<"no-such-connection" | "no-such-site">>>;
  decideDetectedGroups(
    actor: Actor,
    connectionId: string,
    siteId: string,
    drop: readonly { sourceId: string; reason: string }[],
    signal: AbortSignal,
  ): Promise<
    Result<
      DetectedGroups,
      Told<"no-such-connection" | "no-such-site" | "archived" | "no-such-group" | "groups-not-read">
    >
  >;
  checkRevision(
    actor: Actor,
    connectionId: string,
    signal: AbortSignal,
  ): Promise<
    Result<
      ConnectionRevision,
      Told<"no-such-connection" | "no-pending-revision" | "consent-needed" | "nothing-to-check">
    >
  >;
  proveSecret(
    connectionId: string,
    entered: {
      kind: Exclude<CredentialKind, "oauth">;
      accountEmail: string | null;
      username?: string | null;
      organizationId: string | null;
      directoryId: string | null;
      secret: string;
    },
    signal: AbortSignal,
  ): Promise<Result<{ coveredSites: string[] | null }, Told<"no-such-connection" | "not-proved">>>;
  /** Makes, uses and deletes a temporary group, because a person asks for it. */
  proveWrites(
    actor: Actor,
    connectionId: string,
    siteId: string,
    signal: AbortSignal,
  ): Promise<
    Result<
      EndedWriteProof,
      Told<
        | "no-such-connection"
        | "no-such-site"
        | "archived"
        | "person-needed"
        | "reclaim-is-off"
        | "already-running"
        | "cannot-write"
      >
    >
  >;
  rotateClientSecret(
    actor: Actor,
    credentialId: string,
    clientSecret: string,
  ): Promise<Result<null, Told<"no-such-credential" | "not-proved">>>;
  /** A secret was replaced or removed: what is held decrypted is read again. */
  forget(credentialId: string): void;
}

export type EndedWriteProof = Omit<WriteProof, "state" | "finishedAt" | "groupSourceId"> & {
  state: "proved" | "failed";
  finishedAt: Date;
  notes: string[];
};

export interface CheckedSite {
  siteId: string;
  name: string;
  isUsable: boolean;
  failed: Capability[];
  health: Health;
  healthDetail: Site["healthDetail"];
  probes: Probe[];
  forecast: SavedForecast | null;
}
