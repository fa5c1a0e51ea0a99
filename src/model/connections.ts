/** A kind of product we govern. */
export type SourceKind = "confluence-cloud" | "confluence-data-center";

/** One thing a connection may do. `roster` is always on; `reclaim` and `provision` write and are chosen. */
export const CAPABILITIES = ["roster", "activity", "permissions", "reclaim", "provision"] as const;
export type Capability = (typeof CAPABILITIES)[number];

export type ConnectionState = "draft" | "validated" | "published" | "paused" | "archived";

/** Health is separate from the life cycle: a published connection may be degraded. */
export type Health = "not-connected" | "syncing" | "connected" | "degraded" | "needs-reauthorization";

/** Whether Usher may write to a site. The server refuses every write to a site that is observed only. */
export type SiteMode = "observe" | "act";

/** Atlassian's `space-role-mode`: which of the two space-access models a site uses (FACTS §0.1). */
export type RoleMode = "pre-roles" | "transition" | "roles";

/** `unrecognized` waits for a mapping; null elsewhere means the edition could not be read. */
export type Edition = "free" | "standard" | "premium" | "enterprise" | "data-center" | "unrecognized";

export type CredentialKind =
  /** OAuth 2.0 (3LO) with the customer's own client id and secret. */
  | "oauth"
  /** Classic API token: basic authentication on the site's own host. */
  | "api-token"
  /** Scoped API token: basic authentication on the gateway only. */
  | "scoped-api-token"
  /** Organization API key: bearer on the admin API. */
  | "organization-key"
  /** Key of a directory that an identity provider writes by SCIM: bearer on that directory alone. */
  | "scim-key"
  /** Personal access token of a Data Center account: bearer on the instance. */
  | "personal-access-token"
  /** User name and password of a Data Center account: basic authentication on the instance. */
  | "basic";

export type CredentialState = "active" | "needs-reauthorization" | "replaced";

export interface ConnectionSettings {
  /** Activity before this instant is not collected. Default: 90 days before the connection was made. */
  analyzeActivitySince: Date;
  /** Days without use after which a seat is idle. */
  idleAfterDays: number;
  /** Data older than this many hours is stale. */
  staleAfterHours: number;
  /** A sync that would close more than this share of a kind and at least `safeguardCountMin` objects is held. */
  safeguardPercentMax: number;
  safeguardCountMin: number;
  /** Whether given and family name may be split from the display name; the parts are then marked so. */
  splitDisplayName: boolean;
}

export interface Connection {
  id: string;
  name: string;
  source: SourceKind;
  state: ConnectionState;
  capabilities: Capability[];
  settings: ConnectionSettings;
  /** Grows by one with each change; `If-Match` compares it. */
  revision: number;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface Site {
  id: string;
  source: SourceKind;
  /** Cloud id, or base URL of a Data Center instance. */
  sourceKey: string;
  baseUrl: string;
  name: string;
  organizationId: string | null;
  edition: Edition | null;
  /** The source's own technical name for the edition. */
  editionIdentifier: string | null;
  mode: SiteMode;
  roleMode: RoleMode | null;
  health: Health;
  /** Which capability suffers, why, and what to do; null while all is well. */
  healthDetail: { capability: Capability | null; reason: string; fix: string } | null;
  lastSyncedAt: Date | null;
}

/** A credential as everyone but its user may know it: never the secret. */
export interface Credential {
  id: string;
  connectionId: string;
  kind: CredentialKind;
  label: string;
  /** The e-mail of the account an API token belongs to; null for the other kinds. */
  accountEmail: string | null;
  /** The account's name at a Data Center instance; only of basic authentication. */
  username: string | null;
  /** OAuth client id; public by nature. Null for the other kinds. */
  clientId: string | null;
  /** The directory that a SCIM key opens; null for the other kinds. */
  directoryId: string | null;
  /** Scopes that were granted; null where the source does not tell. */
  scopes: string[] | null;
  /** The account at the source behind the credential, once it was asked. */
  sourceAccountId: string | null;
  expiresAt: Date | null;
  state: CredentialState;
  createdAt: Date;
}

/** One named, timed check of a capability, made for real. */
export interface Probe {
  name: string;
  capability: Capability;
  outcome: "passed" | "warning" | "failed" | "not-checked";
  /** What was seen, in words. */
  detail: string;
  /** What to do about it; null when it passed. */
  fix: string | null;
  tookMs: number;
  checkedAt: Date;
}
