import type { Capability } from "../../model/connections.ts";
import type { SiteAbilities, SiteListing } from "../../sources/source.ts";
import type { ServedListing } from "../../store/sites.ts";

/** What each listing is read for; losing it costs that capability. */
const CAPABILITY_OF: Record<SiteListing, Capability> = {
  accounts: "roster",
  "accounts-by-id": "roster",
  groups: "roster",
  "product-access": "roster",
  members: "roster",
  "groups-of-account": "roster",
  subgroups: "roster",
  spaces: "permissions",
  "space-permissions": "permissions",
  "space-roles": "permissions",
  "role-assignments": "permissions",
  content: "activity",
  audit: "activity",
  "organization-accounts": "activity",
  "organization-groups": "activity",
};

/** The credential that each listing is read with, as an opened site tells; listings that none serves are left out. */
export function servedListings({ servedBy }: Pick<SiteAbilities, "servedBy">): ServedListing[] {
  return (Object.keys(CAPABILITY_OF) as SiteListing[]).flatMap((listing) => {
    const credentialId = servedBy[listing]?.credentialId;
    return credentialId ? [{ listing, capability: CAPABILITY_OF[listing], credentialId }] : [];
  });
}
