import type { ObservedAccount, SiteAccess } from "../source.ts";
import { type Shared, SiteClient } from "./client.ts";
import { Directory } from "./directory.ts";
import { Nesting } from "./nesting.ts";
import type { KnownSpace } from "./spaces.ts";

/** One open site with what was learned of it while it is open, which is one run. */
export interface OpenSite {
  client: SiteClient;
  directory: Directory;
  nesting: Nesting;
  /** By the id that Confluence gives, or by the key where it gives none. */
  spacesById: Map<string, KnownSpace>;
  /** How this version tells space permissions; null before it was tried. */
  permissionsBy: "rest" | "json-rpc" | null;
  /** What this version can order content by. */
  contentOrder: "created" | "lastmodified";
  /** Members of groups that no path can name; null before anybody asked. */
  membersByGroup: Promise<Map<string, ObservedAccount[]>> | null;
}

export function openSiteWith(shared: Shared, access: SiteAccess): OpenSite {
  const client = new SiteClient(shared, access);
  return {
    client,
    directory: new Directory(client),
    nesting: new Nesting(client),
    spacesById: new Map(),
    permissionsBy: null,
    contentOrder: "created",
    membersByGroup: null,
  };
}
