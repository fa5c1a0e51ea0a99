import type { Capability, ConnectionSettings, Probe } from "./connections.ts";

export type RevisionState = "pending" | "validating" | "valid" | "invalid" | "applied" | "discarded";

/** What a connection in service becomes once the revision is applied; what is not named stays as it is. */
export interface RevisionChange {
  capabilities?: Capability[];
  settings?: Partial<ConnectionSettings>;
  /** As they were typed. */
  addSites?: string[];
  /** Ids of sites. */
  removeSites?: string[];
  /** Ids of credentials in use. */
  removeCredentials?: string[];
}

/** One site as the revision would read it, tried for real. */
export interface RevisionSite {
  /** Null: not known to the connection yet. */
  siteId: string | null;
  /** Null where the site could not be reached. */
  sourceKey: string | null;
  baseUrl: string;
  name: string;
  /** As it was typed; null for a site that the connection reads already. */
  typed: string | null;
  probes: Probe[];
  servedBy: { listing: string; capability: Capability; credentialId: string }[];
}

/** A probe with the site it was made on, by name. */
export interface RevisionProbe extends Probe {
  site: string;
}

/** What a check of a revision saw. */
export interface RevisionCheck {
  sites: RevisionSite[];
  /** What would work less than it does today, or does not work at all: it cannot be applied. */
  blocking: RevisionProbe[];
  /** What a person may accept. */
  warnings: RevisionProbe[];
}

export interface ConnectionRevision {
  id: string;
  connectionId: string;
  state: RevisionState;
  /** Grows by one with each change of it. */
  revision: number;
  change: RevisionChange;
  checked: RevisionCheck | null;
  checkedAt: Date | null;
  createdBy: string;
  createdAt: Date;
  updatedBy: string;
  updatedAt: Date;
}
