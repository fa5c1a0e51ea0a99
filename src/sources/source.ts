import type { Clock } from "../lib/clock.ts";
import { Fault } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Result } from "../lib/result.ts";
import type { Capability, CredentialKind, Edition, Probe, RoleMode, SourceKind } from "../model/connections.ts";
import type {
  AccountStatus,
  AccountType,
  ActivityType,
  AuditChange,
  AuditObject,
  EvidenceKind,
  EvidenceSource,
  FieldOrigin,
  GroupManagement,
  PrincipalType,
  ProductAccess,
  SpaceStatus,
  SpaceType,
} from "../model/facts.ts";
import type { Change, ChangeKind } from "../model/changes.ts";
import type { QuotaReport, QuotaState } from "../model/quotas.ts";
import type { RunScope } from "../model/runs.ts";

export type { AuditChange, AuditObject };

/**
 * The port to a kind of product. Rules, commands, sync and http see this file, never a source's folder. A source knows
 * the product's API and nothing of Usher's database: it reads pages and reports what it saw, in the words of `model/`.
 */
export interface Source {
  kind: SourceKind;
  /** What each capability needs from each kind of credential; the reference pages are made from it. */
  needs: readonly CapabilityNeeds[];
  /** Understands `acme`, a host, any page's URL, a cloud id or a gateway URL. Asks the network only for the cloud id. */
  understandSite(text: string): Result<SiteHint, SiteNotUnderstood>;
  /** Null for a source without OAuth. */
  authorizer: Authorizer | null;
  /** The sites that a credential reaches: several for an OAuth grant, the one of its host for an API token. */
  listSites(credential: CredentialAccess, hint: SiteHint | null, signal: AbortSignal): Promise<ReachableSite[]>;
  open(access: SiteAccess): SiteSource;
}

export interface CapabilityNeeds {
  capability: Capability;
  /** What is stored because of it, in words for the reference page. */
  stores: readonly string[];
  /** Least scopes by kind of credential, exactly as the developer console names them. Empty: works without scopes. */
  scopes: Partial<Record<CredentialKind, readonly string[]>>;
  /** Least role of the account behind the credential, in Atlassian's words. */
  role: string;
  endpoints: readonly EndpointUse[];
  /** What an edition lacks: `free: no audit log`. */
  lacks: Partial<Record<Edition, string>>;
}

export interface EndpointUse {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  /** 3LO points for one full page (FACTS §8); 0 where the quota does not count it. */
  pointsPerPage: number;
  rowsPerPage: number;
}

/** A site as it was typed; what is null was not in the text. */
export interface SiteHint {
  typed: string;
  siteName: string | null;
  baseUrl: string | null;
  cloudId: string | null;
  /** Only the organization's administration pages carry it. */
  organizationId?: string | null;
}

export interface SiteNotUnderstood {
  code: "site-not-understood";
  /** What was typed, what is wrong with it, and what would be right. */
  message: string;
}

export interface ReachableSite {
  sourceKey: string;
  baseUrl: string;
  name: string;
  scopes: string[];
}

/** OAuth 2.0 authorization code grants. */
export interface Authorizer {
  /** The page to open in a browser. `state` is unguessable and bound to the request that made it. */
  authorizeUrl(request: { clientId: string; redirectUrl: string; scopes: readonly string[]; state: string }): URL;
  exchange(request: OAuthClient & { code: string; redirectUrl: string }, signal: AbortSignal): Promise<TokenPair>;
  /**
   * Trades the refresh token for a new pair; the old one dies (Atlassian: 10 minutes later). Whoever calls holds the
   * grant's lease, and saves the pair before using it. Throws `SourceFailure` "source.grant-lost" when consent is needed anew.
   */
  refresh(request: OAuthClient & { refreshToken: string }, signal: AbortSignal): Promise<TokenPair>;
}

export interface OAuthClient {
  clientId: string;
  clientSecret: string;
}

export interface TokenPair {
  accessToken: string;
  /** Null when `offline_access` was not granted. */
  refreshToken: string | null;
  expiresInSeconds: number;
  scopes: string[];
}

/** A credential ready for use. The source never sees where it is stored. */
export interface CredentialAccess {
  id: string;
  kind: CredentialKind;
  accountEmail: string | null;
  /** Only basic authentication: the name that goes with the password. */
  username?: string | null;
  /** Only a SCIM key: the directory that it opens. */
  directoryId?: string | null;
  scopes: string[] | null;
  /** OAuth client id: its quota is shared by all sites of the client. Without it each credential counts as its own. */
  clientId?: string | null;
  /** It serves the listings of these capabilities only: another connection reads the rest. Left out: all. */
  capabilities?: readonly Capability[];
  /** The secret to send now: API token, key, or a valid OAuth access token (refreshed ahead of its end). */
  token(signal: AbortSignal): Promise<string>;
  /** Called after a 401 that is not about scopes: gives another token than `rejected`, or throws "source.grant-lost". */
  renew(rejected: string, signal: AbortSignal): Promise<string>;
}

export interface SiteAccess {
  site: { sourceKey: string; baseUrl: string; organizationId: string | null };
  /** In no order: the source picks, for each call, the one with the least rights and cost that serves it. */
  credentials: readonly CredentialAccess[];
  /** Most requests under way at once to the site; the limiter may lower it. */
  concurrencyMax: number;
  clock: Clock;
  log: Log;
  /**
   * Share of an hour's quota after which it waits for the next hour, so that others find some left; all of it when left
   * out.
   */
  hourShareMax?: number;
  /** Told of each request when it ended, and of each wait when it began. */
  observe(event: SourceEvent): void;
}

/**
 * Where processes that draw on the same quotas tell one another of them. Asked every few seconds while requests are
 * made, never for each of them; a source works without it, by what it sees itself.
 */
export interface QuotaStore {
  /** Adds what this process spent and learned since it last told; gives what all know of the same quotas. */
  exchange(reports: readonly QuotaReport[]): Promise<QuotaState[]>;
}

export type SourceEvent =
  | {
      kind: "request";
      /** Method and path template without ids: `GET /wiki/api/v2/spaces/{id}/permissions`. */
      endpoint: string;
      /** Null when no answer came. */
      status: number | null;
      tookMs: number;
      points: number;
      credentialId: string;
      /** 1 for the first try. */
      attempt: number;
    }
  | {
      kind: "wait";
      reason: "rate-limited" | "quota" | "hour-share" | "retry";
      quota: string;
      untilAt: Date;
      waitMs: number;
    };

/** One page of a listing. `next` is null only when the API itself said that this is the end. */
export interface Page<Row> {
  rows: Row[];
  /** Opaque; survives a restart. A cursor the API no longer knows throws "source.cursor-expired": start again. */
  next: string | null;
}

export type Cursor = string | null;

/**
 * One open site. Every method throws a `SourceFailure` that says what was lost and what to do. Listings page by
 * `cursor` (null starts) and may throw "source.listing-drifted": a row moved between pages, start the listing again.
 */
export interface SiteSource {
  /** Name, edition, role mode and the account behind the credential. What could not be read is null. */
  describe(signal: AbortSignal): Promise<SiteDescription>;
  /** Checks one capability for real, each probe named and timed, nothing changed. */
  probe(capability: Capability, signal: AbortSignal): Promise<Probe[]>;
  /** Which listings the credentials at hand can serve. */
  abilities: SiteAbilities;
  /** What a run of this scope would cost with the credentials at hand; listings they cannot serve cost nothing. */
  forecast(sizes: SiteSizes, scope: RunScope): { requests: number; points: number };

  /** Everybody the site's user search knows: licensed, guests, apps and customers; at most 10,000 (`searchLimit`). */
  readAccounts(cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedAccount>>;
  /** At most 100 ids a call; ids the source does not know are left out of the answer. */
  readAccountsById(sourceIds: readonly string[], signal: AbortSignal): Promise<ObservedAccount[]>;
  readGroups(cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedGroup>>;
  /** Groups that give the product: `user` a seat, `admin` a seat with administration. */
  readProductAccessGroups(access: ProductAccess, cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedGroup>>;
  /** Null: the source says that there is no such group. */
  findGroup(sourceId: string, signal: AbortSignal): Promise<ObservedGroup | null>;
  /**
   * `withAccess` asks for each member whether it may use the product, at no further request. An empty group is looked up
   * before it is believed, unless `expectsMembers` is false: whoever knows of no members loses none by an empty page.
   */
  readMembers(
    groupSourceId: string,
    cursor: Cursor,
    options: { withAccess: boolean; expectsMembers?: boolean },
    signal: AbortSignal,
  ): Promise<Page<ObservedAccount>>;
  readGroupsOfAccount(sourceId: string, cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedGroup>>;
  readSpaces(cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedSpace>>;
  /** Null: 404, which a space that is gone and one that is hidden both answer. */
  findSpace(sourceId: string, signal: AbortSignal): Promise<ObservedSpace | null>;
  /**
   * Source ids of those of these spaces whose deletion the audit log records since `since`. Null: there is no audit
   * log for this credential or edition, so nothing is known.
   */
  findDeletedSpaces(
    spaces: readonly { sourceId: string; key: string; name: string }[],
    since: Date,
    signal: AbortSignal,
  ): Promise<Set<string> | null>;
  readSpacePermissions(spaceSourceId: string, cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedPermission>>;
  readSpaceRoles(cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedSpaceRole>>;
  readRoleAssignments(
    spaceSourceId: string,
    cursor: Cursor,
    signal: AbortSignal,
  ): Promise<Page<ObservedRoleAssignment>>;
  /** Content of one type changed at or after `since`, newest state of each item. */
  readContent(
    type: ContentType,
    since: Date,
    cursor: Cursor,
    signal: AbortSignal,
  ): Promise<Page<ObservedContentChange>>;
  /** Groups that are themselves members of this group, one level down. Only where the product nests groups. */
  readSubgroups(groupSourceId: string, cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedGroup>>;
  /** What the audit log records at or after `since`, newest first. */
  readAuditEvents(since: Date, cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedAuditEvent>>;
  /** Everybody of the organization's directories, with status, groups and last activity. Needs an organization key. */
  readOrganizationAccounts(cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedOrganizationAccount>>;
  /** Groups of the organization with their counts, to cross-check bulk memberships. Needs an organization key. */
  readOrganizationGroups(cursor: Cursor, signal: AbortSignal): Promise<Page<ObservedOrganizationGroup>>;
  /**
   * The latest use of one account at or after `since`, asked of the source by a query of its own: what runs read may be
   * hours old, and content search names only an item's last editor. Left out where nothing of the kind can be asked.
   */
  readLatestUse?(accountSourceId: string, since: Date, signal: AbortSignal): Promise<ObservedUse[]>;
  /** Left out where the source cannot be written to. */
  writer?: SiteWriter;
  close(): void;
}

/**
 * Changes at a site. Each is one request that is sent once: a 429 before it was taken may be waited for and sent again,
 * but after a time-out, a lost connection or a 5xx nobody knows whether it took effect. Then `make` throws
 * "source.uncertain", and the caller reads before it may send again.
 */
export interface SiteWriter {
  /** Null: the credentials at hand can make this kind of change. Else the failure that says why not. */
  abilities: Record<ChangeKind, SourceFailure | null>;
  /** Kinds of change that ask the source's own rights, nothing changed; each probe named and timed. */
  probe(signal: AbortSignal): Promise<Probe[]>;
  /**
   * What is so now for one account, read from the source itself, never from a cache. `parts` keeps the requests to what
   * the change at hand needs: `groups` its memberships, `status` whether it is active and suspended, `products` what else
   * it uses.
   */
  readAccess(accountSourceId: string, parts: readonly AccessPart[], signal: AbortSignal): Promise<ObservedAccess>;
  /**
   * Makes the change. A change that is already so is no failure. Throws "source.conflict" (409 of another kind),
   * "source.no-license" (no seat is free), "source.not-found" (account or group gone), "source.missing-role",
   * "source.managed-elsewhere" (a group or account that an identity provider manages), or "source.uncertain".
   */
  make(change: Change, signal: AbortSignal): Promise<{ createdSourceId: string | null }>;
  /** Shows that the SCIM key at hand opens its directory; throws what the directory says against it. */
  useDirectory?(signal: AbortSignal): Promise<void>;
  /** Seats bought, as the source itself tells; null where no credential is told. */
  readLicense(signal: AbortSignal): Promise<ObservedLicense | null>;
}

export type AccessPart = "groups" | "status" | "products";

export interface ObservedAccess {
  /** False: the source does not know the account any more; the rest is then null. */
  isKnown: boolean;
  /** Direct memberships; null unless asked for. */
  groups: { sourceId: string; name: string }[] | null;
  isActive: boolean | null;
  /** Suspended in the organization's directory. */
  isSuspended: boolean | null;
  /** Keys of products other than Confluence on this site that it may use; null where the source does not tell. */
  otherProducts: string[] | null;
}

export interface ObservedLicense {
  /** Null: unlimited, or not told. */
  seats: number | null;
  /** What the source itself counts as used; null where it does not tell. */
  usedSeats: number | null;
  expiresAt: Date | null;
  maintenanceExpiresAt: Date | null;
  /** `organization`: capacity of the workspace; `license`: the license of a Data Center instance. */
  origin: "organization" | "license";
}

/** How much a site holds, as the last run knew it or as a person estimates it. */
export interface SiteSizes {
  accounts: number;
  groups: number;
  /** Memberships of all groups together. */
  memberships: number;
  productAccessGroups: number;
  /** Memberships of the product-access groups together. */
  productAccessMemberships: number;
  spaces: number;
  /** Rows of permissions and of role assignments a space, on average; a site has either, in transition both. */
  permissionsPerSpace: number;
  /** Items of content changed in the window that is read. */
  contentItems: number;
  /** Records of the audit log in the window that is read; left out: none are counted. */
  auditRecords?: number;
  /** Null counts as a site without roles. */
  roleMode: RoleMode | null;
}

export interface SiteAbilities {
  /** Null: can be served. Else the failure that says why not. */
  listings: Record<SiteListing, SourceFailure | null>;
  /** The credential that would serve each listing, with whether the 3LO quota counts it. */
  servedBy: Partial<Record<SiteListing, { credentialId: string; countsPoints: boolean }>>;
  /** A user search that returns this many rows is incomplete (FACTS §0.3). */
  searchLimit: number;
}

export type SiteListing =
  | "accounts"
  | "accounts-by-id"
  | "groups"
  | "product-access"
  | "members"
  | "groups-of-account"
  | "subgroups"
  | "spaces"
  | "space-permissions"
  | "space-roles"
  | "role-assignments"
  | "content"
  | "audit"
  | "organization-accounts"
  | "organization-groups";

export type ContentType = "page" | "blogpost" | "comment" | "attachment";

export interface SiteDescription {
  name: string | null;
  baseUrl: string | null;
  edition: Edition | null;
  editionIdentifier: string | null;
  /**
   * Null when nothing could be found out: both models are then tried. A site that has roles but does not tell its mode is
   * taken for one in transition.
   */
  roleMode: RoleMode | null;
  organizationId: string | null;
  currentAccountId: string | null;
}

export interface ObservedAccount {
  sourceId: string;
  accountType: AccountType;
  /** Null where this endpoint does not tell. */
  status: AccountStatus | null;
  isGuest: boolean | null;
  /** Null where it was not asked for. */
  hasAccess: boolean | null;
  displayName: string | null;
  publicName: string | null;
  /** Null when hidden or not given; an empty string is never stored. */
  email: string | null;
  timeZone: string | null;
  origin: FieldOrigin;
}

export interface ObservedGroup {
  sourceId: string;
  name: string;
  managedBy: GroupManagement | null;
  usage: string | null;
}

export interface ObservedSpace {
  sourceId: string;
  key: string;
  name: string;
  type: SpaceType;
  status: SpaceStatus;
  ownerSourceId: string | null;
  homepageSourceId: string | null;
  createdAt: Date | null;
}

export interface ObservedPermission {
  sourceId: string;
  principalType: PrincipalType;
  /** Account id, group id, role id, or access class in lower case with hyphens. */
  principalId: string;
  operationKey: string;
  operationTarget: string;
}

export interface ObservedSpaceRole {
  sourceId: string;
  name: string;
  description: string | null;
  isCustom: boolean;
  /** Space-permission ids as the source names them; unknown ones are kept. */
  permissions: string[];
}

export interface ObservedRoleAssignment {
  principalType: PrincipalType;
  principalId: string;
  roleSourceId: string;
}

/** A version of a piece of content: who made it and when. `occurredAt` is of that version, never "modified by anyone". */
export interface ObservedContentChange {
  /** Unique within the site for ever: content id and version number. */
  eventId: string;
  accountSourceId: string;
  type: ActivityType;
  /** `edited "Q2 close"`, without the account's name. */
  summary: string;
  occurredAt: Date;
  spaceKey: string | null;
  contentId: string;
  /** Path below the site's base URL. */
  path: string | null;
}

/** That an account was in use: at most one of each kind, the latest. */
export interface ObservedUse {
  kind: EvidenceKind;
  source: EvidenceSource;
  at: Date;
}

/** One record of the audit log: who did what to what. It names; whether what it names still is so, another read tells. */
export interface ObservedAuditEvent {
  /** Unique within the site for ever, and the same whenever the record is read. */
  eventId: string;
  occurredAt: Date;
  /** Null: the system itself, or an author whom the record does not identify. */
  authorSourceId: string | null;
  change: AuditChange;
  /** In the source's words: `User added to group`. */
  summary: string;
  /** Everything that the record names, the object that was changed first. */
  objects: AuditObject[];
}

export interface ObservedOrganizationAccount {
  sourceId: string;
  accountType: AccountType;
  status: AccountStatus;
  /** Suspended in the directory: keeps groups, is not billed. */
  isSuspended: boolean;
  /** Claimed by the organization. */
  isManaged: boolean | null;
  email: string | null;
  name: string | null;
  department: string | null;
  jobTitle: string | null;
  location: string | null;
  addedAt: Date | null;
  groupSourceIds: string[];
  /** The site's own entry of product access: null when the account has none for this site. */
  productAccess: { lastActiveAt: Date | null } | null;
}

export interface ObservedOrganizationGroup {
  sourceId: string;
  name: string;
  managedBy: GroupManagement | null;
  /** Members of the group as the directory counts them. */
  memberCount: number | null;
}

export type SourceFailureCode =
  | "source.unauthorized"
  | "source.grant-lost"
  | "source.missing-scope"
  | "source.missing-role"
  | "source.missing-credential"
  | "source.edition-lacks"
  | "source.roles-only"
  | "source.not-found"
  | "source.bad-request"
  | "source.rate-limited"
  | "source.blocked"
  | "source.ip-allowlist"
  | "source.login-redirect"
  | "source.unexpected-answer"
  | "source.unreachable"
  | "source.uncertain"
  | "source.conflict"
  | "source.no-license"
  | "source.managed-elsewhere"
  | "source.cursor-expired"
  | "source.listing-drifted"
  | "source.page-ceiling"
  | "source.foreign-link";

/** What went wrong at the source, which capability it costs, and what to do about it. */
export class SourceFailure extends Fault {
  declare readonly code: SourceFailureCode;
  /** The capability that is lost by it; null when nothing or everything is. */
  readonly capability: Capability | null;
  /** What to do, for whoever owns the connection. */
  readonly fix: string;
  readonly endpoint: string | null;
  readonly status: number | null;
  /** The source's own request id, to quote to its support. */
  readonly requestId: string | null;

  constructor(
    message: string,
    options: {
      code: SourceFailureCode;
      publicMessage: string;
      fix: string;
      capability?: Capability | null;
      endpoint?: string | null;
      status?: number | null;
      requestId?: string | null;
      cause?: unknown;
    },
  ) {
    super(message, options);
    this.capability = options.capability ?? null;
    this.fix = options.fix;
    this.endpoint = options.endpoint ?? null;
    this.status = options.status ?? null;
    this.requestId = options.requestId ?? null;
  }
}
