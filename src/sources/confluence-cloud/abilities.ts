import { countsPoints, howToAddScopes, wordsOf } from "../atlassian/credential.ts";
import { type CredentialAccess, type SiteAbilities, SourceFailure, type SiteListing } from "../source.ts";
import { LISTINGS, SITE_LISTINGS } from "./listings.ts";

/** Spec V1, search/user: `type=user` returns up to 10,000 users; at exactly that many nobody can tell whether it is all. */
export const SEARCH_LIMIT = 10_000;

/** Which of the credentials serves each listing, and why none does where none does. */
export function abilitiesOf(credentials: readonly CredentialAccess[]): SiteAbilities {
  const listings = {} as SiteAbilities["listings"];
  const servedBy: SiteAbilities["servedBy"] = {};
  for (const listing of SITE_LISTINGS) {
    const [first] = candidatesFor(listing, credentials);
    listings[listing] = first ? null : whyNot(listing, credentials);
    if (first) servedBy[listing] = { credentialId: first.id, countsPoints: countsPoints(first.kind) };
  }
  return { listings, servedBy, searchLimit: SEARCH_LIMIT };
}

/**
 * The credentials that may serve a listing, best first: those that no hourly quota of points counts before OAuth, then
 * those whose scopes are known to be bounded before those that may do whatever their account may.
 */
export function candidatesFor(listing: SiteListing, credentials: readonly CredentialAccess[]): CredentialAccess[] {
  return credentials
    .filter((each) => !LISTINGS[listing].isAbsent && isOfRightKind(listing, each) && hasScopes(listing, each))
    .filter((each) => mayServe(listing, each))
    .sort((one, other) => cost(listing, one) - cost(listing, other));
}

/** The set of scopes by which this credential serves the listing, or would once it were given them. */
export function scopesFor(listing: SiteListing, { kind, scopes }: CredentialAccess): readonly string[] {
  const choices = LISTINGS[listing].scopeChoices;
  if (kind === "api-token") return [];
  const granted = choices.find((choice) => choice.every((scope) => scopes?.includes(scope)));
  if (granted) return granted;
  const isClassic = scopes?.some((scope) => CLASSIC.test(scope)) ?? false;
  return choices.find((choice) => choice.every((scope) => CLASSIC.test(scope)) === isClassic) ?? choices[0] ?? [];
}

/** Classic scopes name the product before the thing: `read:confluence-user`, `search:confluence`. */
const CLASSIC = /^(read|write|manage):confluence-|^search:confluence$/;

function mayServe(listing: SiteListing, { capabilities }: CredentialAccess): boolean {
  return capabilities?.includes(LISTINGS[listing].capability) ?? true;
}

function isOfRightKind(listing: SiteListing, { kind }: CredentialAccess): boolean {
  // A SCIM key opens its directory alone, and reads none of the listings.
  if (kind === "personal-access-token" || kind === "basic" || kind === "scim-key") return false;
  return (LISTINGS[listing].api === "organization") === (kind === "organization-key");
}

/** Scopes that the source does not tell are assumed to be there: the first answer says otherwise. */
function hasScopes(listing: SiteListing, { kind, scopes }: CredentialAccess): boolean {
  if (scopes === null || (scopes.length === 0 && kind !== "oauth")) return true;
  return LISTINGS[listing].scopeChoices.some((choice) => choice.every((scope) => scopes.includes(scope)));
}

function cost(listing: SiteListing, credential: CredentialAccess): number {
  const isUnbounded = credential.scopes === null && credential.kind === "api-token";
  // Of equal cost the one that gets more out of it: the scopes named first tell more.
  const choice = LISTINGS[listing].scopeChoices.findIndex((scopes) =>
    scopes.every((scope) => credential.scopes?.includes(scope) ?? true),
  );
  return (countsPoints(credential.kind) ? 100 : 0) + choice * 10 + (isUnbounded ? 1 : 0);
}

/** The failure of a listing that no credential serves: what to add to which of them. */
export function whyNot(listing: SiteListing, credentials: readonly CredentialAccess[]): SourceFailure {
  const { what, capability, api, isAbsent } = LISTINGS[listing];
  if (isAbsent) {
    return new SourceFailure(`Confluence Cloud has no ${listing}.`, {
      code: "source.edition-lacks",
      publicMessage: `Confluence Cloud has no ${what}.`,
      fix: "Nothing to do.",
      capability,
    });
  }
  const nearest = credentials.find((each) => isOfRightKind(listing, each) && mayServe(listing, each));
  if (nearest) {
    const scopes = scopesFor(listing, nearest);
    return new SourceFailure(`No credential has the scopes for ${listing}: ${scopes.join(" ")}.`, {
      code: "source.missing-scope",
      publicMessage: `The ${wordsOf(nearest)} does not have the scope that reading ${what} needs.`,
      fix: howToAddScopes(nearest.kind, scopes),
      capability,
    });
  }
  const needed = api === "organization" ? "an organization API key" : "an OAuth grant or an API token of the site";
  return new SourceFailure(`No credential of the right kind for ${listing}.`, {
    code: "source.missing-credential",
    publicMessage: `The connection has no credential that can read ${what}: it needs ${needed}.`,
    fix: `Add ${needed} to the connection.`,
    capability,
  });
}
