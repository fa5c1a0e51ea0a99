import { type CredentialAccess, type SiteAbilities, SourceFailure, type SiteListing } from "../source.ts";
import { LISTINGS, SITE_LISTINGS } from "./listings.ts";

/** `user/list` pages to its end: there is no count at which it would be cut. */
const NO_SEARCH_LIMIT = Number.MAX_SAFE_INTEGER;

export function abilitiesOf(credentials: readonly CredentialAccess[]): SiteAbilities {
  const listings = {} as SiteAbilities["listings"];
  const servedBy: SiteAbilities["servedBy"] = {};
  for (const listing of SITE_LISTINGS) {
    const [first] = candidatesFor(listing, credentials);
    listings[listing] = first ? null : whyNot(listing);
    if (first) servedBy[listing] = { credentialId: first.id, countsPoints: false };
  }
  return { listings, servedBy, searchLimit: NO_SEARCH_LIMIT };
}

/** Tokens before passwords: secure administrator sessions and single sign-on keep only passwords away. */
export function candidatesFor(listing: SiteListing, credentials: readonly CredentialAccess[]): CredentialAccess[] {
  const { capability, isAbsent } = LISTINGS[listing];
  if (isAbsent) return [];
  const serving = credentials.filter(({ capabilities }) => capabilities?.includes(capability) ?? true);
  const ofKind = (kind: CredentialAccess["kind"]) => serving.filter((each) => each.kind === kind);
  return [...ofKind("personal-access-token"), ...ofKind("basic")];
}

export function whyNot(listing: SiteListing): SourceFailure {
  const { what, capability, isAbsent } = LISTINGS[listing];
  if (isAbsent) {
    return new SourceFailure(`Data Center has no ${listing}.`, {
      code: "source.edition-lacks",
      publicMessage: `Confluence Data Center has no ${what}.`,
      fix: "Nothing to do.",
      capability,
    });
  }
  const needed = "a personal access token, or a user name with its password";
  return new SourceFailure(`No credential of the right kind for ${listing}.`, {
    code: "source.missing-credential",
    publicMessage: `The connection has no credential that can read ${what}: it needs ${needed}.`,
    fix: `Add ${needed} to the connection.`,
    capability,
  });
}
