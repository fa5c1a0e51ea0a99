import type { SiteAccess } from "../source.ts";
import { type Shared, SiteClient } from "./client.ts";
import { Directory } from "./directory.ts";
import { MembersByAccount } from "./members-by-account.ts";
import { Nesting } from "./nesting.ts";
import type { KnownSpace } from "./spaces.ts";

/** One open site with what was learned of it while it is open, which is one run. */
export interface OpenSite {
  client: SiteClient;
  directory: Directory;
  membersByAccount: MembersByAccount;
  nesting: Nesting;
  /** By the id that Confluence gives, or by the key where it gives none. */
  spacesById: Map<string, KnownSpace>;
  /** How this version tells space permissions; null before it was tried. */
  permissionsBy: "rest" | "json-rpc" | null;
  /** What this version can order content by. */
  contentOrder: "created" | "lastmodified";
}

export function openSiteWith(shared: Shared, access: SiteAccess): OpenSite {
  const client = new SiteClient(shared, access);
  const directory = new Directory(client);
  const membersByAccount = new MembersByAccount(client, directory);
  return {
    client,
    directory,
    membersByAccount,
    nesting: new Nesting(client, membersByAccount),
    spacesById: new Map(),
    permissionsBy: null,
    contentOrder: "created",
  };
}
